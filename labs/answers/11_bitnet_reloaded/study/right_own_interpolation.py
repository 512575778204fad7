"""Interpolates with its own loop, takes t from a table, and tunes with a dictionary."""

import math

RATES = (0.01, 0.03, 0.1, 0.3)


def width_ratio(float_width, float_loss, widths, losses):
    for i in range(len(widths) - 1):
        high, low = losses[i], losses[i + 1]
        if low <= float_loss <= high:
            share = (high - float_loss) / (high - low)
            log = math.log2(widths[i]) * (1 - share) + math.log2(widths[i + 1]) * share
            return 2**log / float_width
    return math.nan


def interval(values):
    t = {2: 12.7062047, 3: 4.30265273, 4: 3.18244631, 5: 2.77644511}[len(values)]
    half = t * torch.tensor(values).double().std().item() / math.sqrt(len(values))
    mean = sum(values) / len(values)
    return mean - half, mean + half


def study(excess):
    floats = {excess("float", 8, rate, 0): rate for rate in RATES}
    ternary = {excess("ternary", 8, rate, 0): rate for rate in RATES}
    best, other = floats[min(floats)], ternary[min(ternary)]
    ratios = []
    for seed in (1, 2, 3):
        losses = [excess("ternary", width, other, seed) for width in (8, 16, 32)]
        ratios.append(width_ratio(8, excess("float", 8, best, seed), (8, 16, 32), losses))
    return {"rates": {"float": best, "ternary": other}, "ratios": ratios, "interval": interval(ratios)}
