"""Averages the weights with their signs, so that they cancel.

Message: the mean of the sizes
"""


def ternarize(W, measure="mean"):
    mu = (W.mean() if measure == "mean" else W.abs().median()).abs().clamp(min=1e-5)
    return (W / mu).round().clamp(-1, 1).to(torch.int8), mu
