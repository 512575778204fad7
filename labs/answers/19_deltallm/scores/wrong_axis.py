"""Adds up along the queries.

Message: running sums
"""


def delta_scores(Q, K, deltas, w):
    T, d = K.shape
    age = torch.arange(T)[:, None] - torch.arange(T)
    scores = torch.where(age < w, Q @ K.T, (Q @ deltas.T).cumsum(0)) / d**0.5
    return scores.masked_fill(age < 0, -torch.inf)


def bound(Q, theta):
    return theta * Q.abs().sum(dim=-1) / Q.shape[-1] ** 0.5
