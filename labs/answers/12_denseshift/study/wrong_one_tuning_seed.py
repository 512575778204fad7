"""Tunes on one seed only.

Message: both kinds of seeds
"""


def word(low, high, margin):
    if low > -margin:
        return "as good"
    return "worse" if high <= -margin else "undecided"


def study(accuracy):
    factor = max(FACTORS, key=lambda f: sum(accuracy("plain", f, seed) for seed in TUNING[:1]))
    plain = [accuracy("plain", factor, seed) for seed in SEEDS]
    dense = [accuracy("denseshift", None, seed) for seed in SEEDS]
    found = compare(plain, dense, "higher")
    differences = [a - b for a, b in zip(plain, dense, strict=True)]
    low, high = found.low, found.high
    return {
        "factor": factor,
        "differences": differences,
        "interval": (low, high),
        "word": word(low, high, MARGIN),
    }
