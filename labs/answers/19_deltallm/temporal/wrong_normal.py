"""Uses the normal law for a handful of seeds.

Message: sample deviation
"""

import numpy as np


def zeros_by_order(keys, theta, seed):
    order = torch.randperm(keys.shape[0], generator=torch.Generator().manual_seed(seed))

    def share(rows):
        return (hold(rows, theta)[0][1:] == 0).double().mean().item()

    return {"natural": share(keys), "shuffled": share(keys[order])}


def temporal_part(make, seeds):
    found = [(zeros_by_order(k := make(s), 0.5 * k.std().item(), s)) for s in seeds]
    gaps = np.array([f["natural"] - f["shuffled"] for f in found])
    half = 1.96 * gaps.std(ddof=1) / len(gaps) ** 0.5
    return gaps.mean() - half, gaps.mean() + half
