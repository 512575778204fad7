"""Rounds on a linear scale.

Message: where is the border
"""


def nearest(W, mu):
    size = torch.where(W.abs() > 1.45 * mu, 2 * mu, 1 * mu)
    return torch.where(W < 0, -size, size).to(W.dtype)
