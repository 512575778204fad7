"""Returns the quantized value: nothing is learned.

Message: no gradient reaches u
"""


def ste(u, q):
    return q.detach()


def fake_quantize(W, measure="mean"):
    codes, mu = ternarize(W, measure)
    return mu * codes
