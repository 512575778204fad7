"""Ignores the pairs and adds both variances.

Message: paired
"""

READS, SEEDS = (2, 8, 32), (0, 1, 2, 3, 4)


def paired_interval(a, b):
    def mean_and_error(values):
        middle = sum(values) / len(values)
        return middle, sum((v - middle) ** 2 for v in values) / (len(values) - 1) / len(values)

    (first, one), (second, two) = mean_and_error(a), mean_and_error(b)
    half = 2 * (one + two) ** 0.5
    return first - second - half, first - second + half


def study(unexplained):
    intervals = {}
    for reads in READS:
        small, rigl = ([unexplained(m, reads, s) for s in SEEDS] for m in ("small dense", "RigL"))
        intervals[reads] = paired_interval(small, rigl)
    not_better = [reads for reads in READS if intervals[reads][0] <= 0]
    return {"intervals": intervals, "ends": min(not_better, default=None)}
