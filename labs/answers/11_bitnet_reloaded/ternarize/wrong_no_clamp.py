"""Rounds without clamping, so that a large weight gets the code 2 or 3.

Message: clamp after rounding
"""


def ternarize(W, measure="mean"):
    mu = (W.abs().mean() if measure == "mean" else W.abs().median()).clamp(min=1e-5)
    return (W / mu).round().to(torch.int8), mu
