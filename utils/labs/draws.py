"""What the labs' exercises draw from a variant's number; given cells and checks call the same function.

Every draw gives a well-posed exercise: no ties, no border cases, numbers that fit on paper.
"""

from itertools import pairwise

from utils.labs.variants import BOOK, draw


def noise_budget(variant: int) -> tuple[int, float, int]:
    """Lab 1: steps, learning rate and units of a layer for a walk of its own."""
    if variant == BOOK:
        return 600, 0.1, 50
    g = draw(variant, "choose")
    return 100 * g.randint(4, 40), g.choice((0.05, 0.1, 0.2, 0.3)), g.choice((20, 32, 40, 64, 80, 128))


def ternary_matrix(variant: int) -> list[list[float]]:
    """Lab 11: a 2 x 3 matrix whose mean and lower median give other codes, no weight on a border."""
    if variant == BOOK:
        return [[0.5, -1.3, 0.1], [3.0, -0.9, 1.4]]
    g = draw(variant, "by_hand")
    while True:
        tenths = sorted(g.sample(range(1, 40), 6))
        mean, median = sum(tenths) / 6, tenths[2]
        zeros = [sum(size < scale / 2 for size in tenths) for scale in (mean, median)]
        border = {mean / 2, median / 2} & set(tenths)
        if sum(tenths) % 6 == 0 and 0 < zeros[1] < zeros[0] and not border:
            g.shuffle(tenths)
            signed = [g.choice((-1, 1)) * size / 10 for size in tenths]
            return [signed[:3], signed[3:]]


def shift_code(variant: int) -> tuple[int, float]:
    """Lab 12: a number of bits, and the chance that a switch is on."""
    if variant == BOOK:
        return 3, 0.5
    g = draw(variant, "codes")
    return g.choice((3, 4)), g.choice((10, 15, 20, 25, 30, 35, 40, 60, 65, 70, 75, 80, 85, 90)) / 100


def layer_sizes(variant: int) -> tuple[tuple[int, ...], float]:
    """Lab 14: a network's layer sizes, and the share of weights that it keeps; no layer gets dense."""
    if variant == BOOK:
        return (64, 256, 256, 10), 0.01
    g = draw(variant, "by_hand")
    hidden = g.sample((100, 120, 150, 200, 250, 300, 400, 500), 2)
    return (g.choice((64, 100, 144, 196)), *hidden, 10), g.choice((0.01, 0.02, 0.03, 0.04))


def key_walk(variant: int) -> tuple[list[int], int]:
    """Lab 19: six keys and a threshold; one change equals the threshold, and pruned neighbors drift."""
    if variant == BOOK:
        return [2, 3, 5, 6, 1, 2], 1
    g = draw(variant, "by_hand")
    while True:
        theta, keys = g.choice((1, 2, 3)), [g.randint(0, 9)]
        for _ in range(5):
            keys.append(keys[-1] + g.choice([step for step in range(-6, 7) if step]))
        reference, drifted, border = keys[0], keys[0], False
        for before, key in pairwise(keys):
            border = border or abs(key - reference) == theta
            reference = key if abs(key - reference) > theta else reference
            drifted += (key - before) * (abs(key - before) > theta)
        if border and abs(drifted - keys[-1]) > theta and min(keys) > 0:
            return keys, theta


def raw_features(variant: int) -> list[list[float]]:
    """Lab 30: the features of two neighboring nodes, at right angles to each other."""
    if variant == BOOK:
        return [[1.0, 0.0], [0.0, 1.0]]
    a, b = draw(variant, "smoothness").sample(range(1, 10), 2)
    return [[float(a), 0.0], [0.0, float(b)]]
