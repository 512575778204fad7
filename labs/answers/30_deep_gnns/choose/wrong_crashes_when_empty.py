"""Forgets that nothing may fit.

Message: max
"""


def choose(accuracy, e, d, n, epochs, budget):
    price = {s: e * d * s[0] + 3 * epochs * n * d**2 * s[1] for s in accuracy}
    fits = [s for s in accuracy if price[s] <= budget]
    return max(fits, key=lambda s: (sum(accuracy[s]) / len(accuracy[s]), -price[s]))
