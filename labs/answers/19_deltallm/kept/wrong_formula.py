"""The early program's formula, which forgets that early zeros save more.

Message: nine pairs are exact
"""


def kept(sent, w, shape):
    T = sent.shape[0]
    share = 2 * w / T if shape == "band" else w / T
    return 1 - (1 - sent.double().mean().item()) * (1 - share)
