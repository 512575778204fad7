"""Walks through the settings."""


def choose(accuracy, e, d, n, epochs, budget):
    best = None
    for (Dp, Dt), values in accuracy.items():
        price = Dp * e * d + 3 * epochs * Dt * n * d * d
        if price > budget:
            continue
        rank = (sum(values) / len(values), -price)
        if best is None or rank > best[0]:
            best = (rank, (Dp, Dt))
    return best and best[1]
