"""Adds the deltas of the exact pairs, too.

Message: nine pairs are exact
"""


def kept(sent, w, shape):
    T, d = sent.shape
    i, j = torch.arange(T)[:, None], torch.arange(T)
    near = i - j < w if shape == "band" else i // w == j // w
    causal = j <= i
    cost = near * d + sent.sum(1)
    return (cost * causal).sum().item() / (d * T * (T + 1) / 2)
