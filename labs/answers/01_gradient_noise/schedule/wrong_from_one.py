"""Counts steps from 1.

Message: steps count from 0
"""


def noise_deviation(t, eta, gamma=0.55):
    return math.sqrt(eta / (2 + t) ** gamma)
