"""Uses NumPy."""

import numpy as np

READS, SEEDS = (2, 8, 32), (0, 1, 2, 3, 4)


def paired_interval(a, b):
    d = np.array(a) - np.array(b)
    half = 2 * d.std(ddof=1) / np.sqrt(len(d))
    return d.mean() - half, d.mean() + half


def study(unexplained):
    intervals = {}
    for reads in READS:
        pairs = np.array([[unexplained(m, reads, s) for m in ("small dense", "RigL")] for s in SEEDS])
        intervals[reads] = paired_interval(*pairs.T)
    ends = next((reads for reads in READS if not intervals[reads][0] > 0), None)
    return {"intervals": intervals, "ends": ends}
