"""Takes the root of eta, and lets the deviation decay as the variance should.

Message: half the deviation of step 0
"""


def noise_deviation(t, eta, gamma=0.55):
    return math.sqrt(eta) / (1 + t) ** gamma
