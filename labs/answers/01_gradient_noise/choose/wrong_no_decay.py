"""Finds the step as if the noise did not decay.

Message: about 104,000 steps
"""


def choose_eta(steps, rate, n, start=0.0):
    total = sum((1 + t) ** -0.55 for t in range(steps))
    return max(0.0, 2 / n - start**2) / (rate**2 * total)


def escape_step(rate, eta, n, start=0.0):
    return max(0.0, 2 / n - start**2) / (rate**2 * eta)
