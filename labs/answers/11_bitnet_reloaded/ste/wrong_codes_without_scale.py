"""Returns the codes and forgets to multiply by the scale.

Message: times the scale of ternarize
"""


def ste(u, q):
    return q.detach() + (u - u.detach())


def fake_quantize(W, measure="mean"):
    codes, _ = ternarize(W, measure)
    return ste(W, codes.to(W.dtype))
