"""Stops the gradient where the weight is saturated, as binary networks do.

Message: also where |u| > 1
"""


def ste(u, q):
    passing = u * (u.detach().abs() <= 1)
    return q.detach() + (passing - passing.detach())


def fake_quantize(W, measure="mean"):
    codes, mu = ternarize(W, measure)
    return mu.detach() * ste(W / mu.detach(), codes.to(W.dtype))
