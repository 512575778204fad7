"""Multiplies the gradient by the scale once too often.

Message: is it multiplied by it
"""


def ste(u, q):
    return q.detach() + (u - u.detach())


def fake_quantize(W, measure="mean"):
    codes, mu = ternarize(W, measure)
    return mu.detach() * ste(W, codes.to(W.dtype))
