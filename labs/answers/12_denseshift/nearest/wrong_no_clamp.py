"""Lets the exponent run free.

Message: geometric middle
"""


def nearest(W, mu):
    S = (W.abs() / mu).log2().round()
    return torch.where(W < 0, -1, 1) * mu * 2**S
