"""Adds term by term until it arrives.

Message: do not add term by term
"""


def choose_eta(steps, rate, n, start=0.0):
    total = sum((1 + t) ** -0.55 for t in range(steps))
    return max(0.0, 2 / n - start**2) / (rate**2 * total)


def escape_step(rate, eta, n, start=0.0):
    square, t = start**2, 0
    while square < 2 / n and t < 30_000_000:
        square += rate**2 * eta * (1 + t) ** -0.55
        t += 1
    return t
