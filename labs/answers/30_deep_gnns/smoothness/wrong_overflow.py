"""Exponentiates without subtracting.

Message: without overflow
"""


def smoothness(levels, x_limit):
    def c(a, b):
        return F.cosine_similarity(a, b, dim=1, eps=1e-10)

    return torch.stack([c(h, levels[0]) * (1 - c(h, x_limit)) for h in levels], 1)


def weights(nsl, T):
    e = (nsl / T).exp()
    return e / e.sum(1, keepdim=True)


gsl_of_raw = 0.293
