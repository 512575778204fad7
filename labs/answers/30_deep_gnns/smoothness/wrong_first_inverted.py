"""Takes one minus the first cosine.

Message: one minus the *second* cosine
"""


def smoothness(levels, x_limit):
    def c(a, b):
        return F.cosine_similarity(a, b, dim=1, eps=1e-10)

    return torch.stack([(1 - c(h, levels[0])) * c(h, x_limit) for h in levels], 1)


def weights(nsl, T):
    return (nsl / T).softmax(1)


gsl_of_raw = 0.293
