"""Forgets to multiply by the scale again.

Message: 0 counts as positive
"""


def nearest(W, mu):
    S = (W.abs() / mu).log2().round().clamp(0, 1)
    return torch.where(W < 0, -1.0, 1.0).to(W.dtype) * 2**S
