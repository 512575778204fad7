"""Takes the best of all.

Message: a cost equal to the budget fits
"""


def choose(accuracy, e, d, n, epochs, budget):
    return max(accuracy, key=lambda s: sum(accuracy[s]) / len(accuracy[s]))
