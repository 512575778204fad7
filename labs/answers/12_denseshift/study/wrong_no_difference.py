"""Calls every interval that contains zero as good.

Message: where does the interval lie
"""


def word(low, high, margin):
    if high > 0:
        return "as good"
    return "worse" if high <= -margin else "undecided"


def study(accuracy):
    factor = max(FACTORS, key=lambda f: sum(accuracy("plain", f, seed) for seed in TUNING))
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
