"""Keeps the first of equals.

Message: of equal means take the cheaper
"""


def choose(accuracy, e, d, n, epochs, budget):
    price = {s: e * d * s[0] + 3 * epochs * n * d**2 * s[1] for s in accuracy}
    fits = [s for s in accuracy if price[s] <= budget]
    return max(fits, key=lambda s: sum(accuracy[s]) / len(accuracy[s]), default=None)
