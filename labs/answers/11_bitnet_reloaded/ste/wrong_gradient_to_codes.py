"""Lets the gradient also reach the quantized value, and through it the scale.

Message: a gradient reaches q
"""


def ste(u, q):
    return q + (u - u.detach())


def fake_quantize(W, measure="mean"):
    codes, mu = ternarize(W, measure)
    return ste(W, mu * codes)
