"""Takes the root by halving both exponents."""


def noise_deviation(t, eta, gamma=0.55):
    return eta**0.5 * (1 + t) ** (-gamma / 2)
