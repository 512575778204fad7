"""Leaves the codes in floating point: four bytes for a number that needs less than two bits.

Message: codes has dtype
"""


def ternarize(W, measure="mean"):
    mu = (W.abs().mean() if measure == "mean" else W.abs().median()).clamp(min=1e-5)
    return (W / mu).round().clamp(-1, 1), mu
