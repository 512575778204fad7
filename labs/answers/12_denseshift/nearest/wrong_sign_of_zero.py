"""Uses torch.sign, which brings the zero back.

Message: 0 counts as positive
"""


def nearest(W, mu):
    S = (W.abs() / mu).log2().round().clamp(0, 1)
    return W.sign() * mu * 2**S
