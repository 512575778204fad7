"""Takes the cheapest that fits.

Message: the best mean accuracy wins
"""


def choose(accuracy, e, d, n, epochs, budget):
    price = {s: e * d * s[0] + 3 * epochs * n * d**2 * s[1] for s in accuracy}
    return min((s for s in accuracy if price[s] <= budget), key=price.get, default=None)
