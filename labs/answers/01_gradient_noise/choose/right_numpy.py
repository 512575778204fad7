"""Uses NumPy for the sum, and early returns."""

import numpy as np


def choose_eta(steps, rate, n, start=0.0):
    if start >= math.sqrt(2 / n):
        return 0.0
    total = (np.arange(1, steps + 1) ** -0.55).sum()
    return float((2 / n - start**2) / (rate**2 * total))


def escape_step(rate, eta, n, start=0.0):
    if start >= math.sqrt(2 / n):
        return 0
    needed = (2 / n - start**2) / (rate**2 * eta)
    return math.ceil((1 + 0.45 * needed) ** (1 / 0.45) - 1)
