"""Hands the variance to the sampler.

Message: eta is a variance
"""


def noise_deviation(t, eta, gamma=0.55):
    return eta / (1 + t) ** gamma
