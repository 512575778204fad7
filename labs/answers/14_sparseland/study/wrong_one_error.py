"""Takes one standard error.

Message: two standard errors
"""

READS, SEEDS = (2, 8, 32), (0, 1, 2, 3, 4)


def paired_interval(a, b):
    differences = [first - second for first, second in zip(a, b, strict=True)]
    n = len(differences)
    middle = sum(differences) / n
    variance = sum((value - middle) ** 2 for value in differences) / (n - 1)
    half = (variance / n) ** 0.5
    return middle - half, middle + half


def study(unexplained):
    intervals = {}
    for reads in READS:
        small, rigl = ([unexplained(m, reads, s) for s in SEEDS] for m in ("small dense", "RigL"))
        intervals[reads] = paired_interval(small, rigl)
    not_better = [reads for reads in READS if intervals[reads][0] <= 0]
    return {"intervals": intervals, "ends": min(not_better, default=None)}
