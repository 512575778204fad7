"""Casts to integers without rounding, which cuts toward zero: the border moves to the scale.

Message: below half the scale
"""


def ternarize(W, measure="mean"):
    mu = (W.abs().mean() if measure == "mean" else W.abs().median()).clamp(min=1e-5)
    return (W / mu).clamp(-1, 1).to(torch.int8), mu
