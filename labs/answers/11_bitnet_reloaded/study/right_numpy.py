"""Uses sem and t.ppf of SciPy, interpolates against negative losses, tunes ternary at the largest width."""

import numpy as np
from scipy import stats

RATES = (0.01, 0.03, 0.1, 0.3)


def width_ratio(float_width, float_loss, widths, losses):
    if not min(losses) <= float_loss <= max(losses):
        return float("nan")
    log = np.interp(-float_loss, -np.array(losses), np.log(widths))
    return np.exp(log) / float_width


def interval(values):
    half = stats.t.ppf(0.975, len(values) - 1) * stats.sem(values)
    return np.mean(values) - half, np.mean(values) + half


def study(excess):
    def tune(kind, width):
        return min((excess(kind, width, rate, 0), rate) for rate in RATES)[1]

    rates = {"float": tune("float", 8), "ternary": tune("ternary", 32)}

    def one(seed):
        losses = [excess("ternary", width, rates["ternary"], seed) for width in (8, 16, 32)]
        return width_ratio(8, excess("float", 8, rates["float"], seed), (8, 16, 32), losses)

    ratios = [one(seed) for seed in (1, 2, 3)]
    return {"rates": rates, "ratios": ratios, "interval": interval(ratios)}
