"""Pays propagation in every epoch.

Message: propagation is paid once
"""


def choose(accuracy, e, d, n, epochs, budget):
    price = {s: 3 * epochs * (e * d * s[0] + n * d**2 * s[1]) for s in accuracy}
    fits = [s for s in accuracy if price[s] <= budget]
    return max(fits, key=lambda s: (sum(accuracy[s]) / len(accuracy[s]), -price[s]), default=None)
