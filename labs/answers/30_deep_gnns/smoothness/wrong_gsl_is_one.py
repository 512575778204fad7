"""Zero steps mean the value one.

Message: what is the angle
"""


def smoothness(levels, x_limit):
    def c(a, b):
        return F.cosine_similarity(a, b, dim=1, eps=1e-10)

    return torch.stack([c(h, levels[0]) * (1 - c(h, x_limit)) for h in levels], 1)


def weights(nsl, T):
    return (nsl / T).softmax(1)


gsl_of_raw = 1.0
