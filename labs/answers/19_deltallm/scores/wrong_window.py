"""Counts one key too many as exact.

Message: only the query's own key is exact
"""


def delta_scores(Q, K, deltas, w):
    T, d = K.shape
    age = torch.arange(T)[:, None] - torch.arange(T)
    scores = torch.where(age <= w, Q @ K.T, (Q @ deltas.T).cumsum(1)) / d**0.5
    return scores.masked_fill(age < 0, -torch.inf)


def bound(Q, theta):
    return theta * Q.abs().sum(dim=-1) / Q.shape[-1] ** 0.5
