"""Sorts by price, then by mean."""


def choose(accuracy, e, d, n, epochs, budget):
    price = {s: e * d * s[0] + 3 * epochs * n * d**2 * s[1] for s in accuracy}
    order = sorted((s for s in accuracy if price[s] <= budget), key=price.get)
    order.sort(key=lambda s: -sum(accuracy[s]) / len(accuracy[s]))
    return order[0] if order else None
