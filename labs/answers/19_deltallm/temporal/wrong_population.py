"""Uses the deviation of the population.

Message: sample deviation
"""

import numpy as np
from scipy import stats


def zeros_by_order(keys, theta, seed):
    order = torch.randperm(keys.shape[0], generator=torch.Generator().manual_seed(seed))

    def share(rows):
        return (hold(rows, theta)[0][1:] == 0).double().mean().item()

    return {"natural": share(keys), "shuffled": share(keys[order])}


def temporal_part(make, seeds):
    found = [(zeros_by_order(k := make(s), 0.5 * k.std().item(), s)) for s in seeds]
    gaps = np.array([f["natural"] - f["shuffled"] for f in found])
    half = stats.t.ppf(0.975, len(gaps) - 1) * gaps.std(ddof=0) / len(gaps) ** 0.5
    return gaps.mean() - half, gaps.mean() + half
