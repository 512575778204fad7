"""Ignores the gamma that is passed, except for the example's.

Message: use the gamma that is passed
"""


def noise_deviation(t, eta, gamma=0.55):
    gamma = 0.5 if gamma == 0.5 else 0.55
    return math.sqrt(eta / (1 + t) ** gamma)
