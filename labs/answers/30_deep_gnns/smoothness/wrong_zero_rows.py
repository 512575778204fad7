"""Divides by the norm of a row of zeros.

Message: a row of zeros has cosine 0
"""


def smoothness(levels, x_limit):
    def c(a, b):
        return (a * b).sum(1) / (a.norm(dim=1) * b.norm(dim=1))

    return torch.stack([c(h, levels[0]) * (1 - c(h, x_limit)) for h in levels], 1)


def weights(nsl, T):
    return (nsl / T).softmax(1)


gsl_of_raw = 0.293
