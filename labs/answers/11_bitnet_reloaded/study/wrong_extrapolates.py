"""Reports the nearest measured width where the loss was never measured.

Message: outside the measured losses return nan
"""

import numpy as np
from scipy import stats

RATES = (0.01, 0.03, 0.1, 0.3)
TUNING_SEED, SEEDS, WIDTHS = 0, (1, 2, 3), (8, 16, 32)


def width_ratio(float_width, float_loss, widths, losses):
    log = np.interp(float_loss, losses[::-1], np.log2(widths)[::-1])
    return float(2**log / float_width)


def interval(values):
    error = np.std(values, ddof=1) / len(values) ** 0.5
    low, high = stats.t.interval(0.95, len(values) - 1, np.mean(values), error)
    return float(low), float(high)


def study(excess):
    rates, ratios = {}, []
    for kind, width in (("float", 8), ("ternary", 16)):
        tuning = [excess(kind, width, rate, TUNING_SEED) for rate in RATES]
        rates[kind] = RATES[int(np.argmin(tuning))]
    for seed in SEEDS:
        losses = [excess("ternary", width, rates["ternary"], seed) for width in WIDTHS]
        float_loss = excess("float", 8, rates["float"], seed)
        ratios.append(width_ratio(8, float_loss, WIDTHS, losses))
    return {"rates": rates, "ratios": ratios, "interval": interval(ratios)}
