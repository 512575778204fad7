"""Compares squares, and copies the sign."""


def nearest(W, mu):
    size = mu * (1 + (W.square() > 2 * mu * mu).to(W.dtype))
    return size * (2 * (W >= 0).to(W.dtype) - 1)
