"""Lets queries see later keys.

Message: sees no later key
"""


def delta_scores(Q, K, deltas, w):
    T, d = K.shape
    age = torch.arange(T)[:, None] - torch.arange(T)
    return torch.where(age < w, Q @ K.T, (Q @ deltas.T).cumsum(1)) / d**0.5


def bound(Q, theta):
    return theta * Q.abs().sum(dim=-1) / Q.shape[-1] ** 0.5
