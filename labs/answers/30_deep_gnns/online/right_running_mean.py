"""Keeps a mean and the logarithm of the mass."""


def online(stream):
    mass, mean = None, None
    for h, s in stream:
        if mean is None:
            mass, mean = s.clone(), h.clone()
        else:
            mass = torch.logaddexp(mass, s)
            mean = mean + (s - mass).exp()[:, None] * (h - mean)
    return mean
