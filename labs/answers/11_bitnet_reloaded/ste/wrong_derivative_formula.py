"""Believes that rounding needs a derivative formula of its own, here that of a smooth step.

Message: it must be the upstream gradient everywhere
"""


def ste(u, q):
    smooth = torch.tanh(u)
    return q.detach() + (smooth - smooth.detach())


def fake_quantize(W, measure="mean"):
    codes, mu = ternarize(W, measure)
    return ste(W, mu * codes)
