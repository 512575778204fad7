"""Forgets that the scale counts as a constant.

Message: flow through the scale
"""


def ste(u, q):
    return q.detach() + (u - u.detach())


def fake_quantize(W, measure="mean"):
    codes, mu = ternarize(W, measure)
    return mu * ste(W / mu, codes.to(W.dtype))
