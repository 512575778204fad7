"""Divides a matrix of zeros by zero.

Message: must not fall below 1e-5
"""


def ternarize(W, measure="mean"):
    mu = W.abs().mean() if measure == "mean" else W.abs().median()
    return (W / mu).round().clamp(-1, 1).to(torch.int8), mu
