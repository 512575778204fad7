"""Takes eta for a deviation.

Message: eta is a variance
"""


def choose_eta(steps, rate, n, start=0.0):
    total = sum((1 + t) ** -0.55 for t in range(steps))
    return (max(0.0, 2 / n - start**2) / (rate**2 * total)) ** 0.5


def escape_step(rate, eta, n, start=0.0):
    total = max(0.0, 2 / n - start**2) / (rate**2 * eta)
    return (0.45 * total + 1) ** (1 / 0.45) - 1
