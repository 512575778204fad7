"""Passes the codes through the estimator and multiplies by the scale, held constant, on both sides."""


def ste(u, q):
    return (u - u.detach()) + q.detach()


def fake_quantize(W, measure="mean"):
    codes, mu = ternarize(W, measure)
    mu = mu.detach()
    return mu * ste(W / mu, codes.to(W.dtype))
