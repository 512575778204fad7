"""Knows only the band.

Message: form blocks
"""


def kept(sent, w, shape):
    T, d = sent.shape
    i, j = torch.arange(T)[:, None], torch.arange(T)
    near = i - j < w
    causal = j <= i
    cost = torch.where(near, torch.tensor(d), sent.sum(1)) * causal
    return cost.sum().item() / (d * T * (T + 1) / 2)
