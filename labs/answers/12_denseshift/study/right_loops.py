"""Writes everything as loops, and the t interval with SciPy."""

import numpy as np
from scipy import stats


def word(low, high, margin):
    if high <= -margin:
        return "worse"
    return "undecided" if low <= -margin else "as good"


def study(accuracy):
    best, factor = -1.0, None
    for candidate in (0.18, 0.35, 0.71, 2.8):
        mean = np.mean([accuracy("plain", candidate, seed) for seed in (100, 101)])
        if mean > best:
            best, factor = mean, candidate
    pairs = [(accuracy("plain", factor, seed), accuracy("denseshift", None, seed)) for seed in range(5)]
    d = [plain - dense for plain, dense in pairs]
    half = stats.t.ppf(0.975, 4) * stats.sem(d)
    low, high = float(np.mean(d) - half), float(np.mean(d) + half)
    return {"factor": factor, "differences": d, "interval": (low, high), "word": word(low, high, 1.0)}
