"""Divides by norms itself."""


def _cosine(a, b):
    return (a * b).sum(1) / (a.norm(dim=1) * b.norm(dim=1)).clamp(min=1e-10)


def smoothness(levels, x_limit):
    return torch.stack([_cosine(h, levels[0]) * (1 - _cosine(h, x_limit)) for h in levels], 1)


def weights(nsl, T):
    e = ((nsl - nsl.amax(1, keepdim=True)) / T).exp()
    return e / e.sum(1, keepdim=True)


gsl_of_raw = 1 - 2**-0.5
