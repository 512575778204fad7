"""Counts elements and uses the paired test of scipy."""

from scipy import stats


def zeros_by_order(keys, theta, seed):
    found = {}
    order = torch.randperm(len(keys), generator=torch.Generator().manual_seed(seed)).tolist()
    for name, rows in (("natural", keys), ("shuffled", torch.stack([keys[t] for t in order]))):
        deltas = hold(rows, theta)[0][1:]
        found[name] = 1 - deltas.count_nonzero().item() / deltas.numel()
    return found


def temporal_part(make, seeds):
    pairs = []
    for s in seeds:
        keys = make(s)
        found = zeros_by_order(keys, float(keys.std() / 2), s)
        pairs.append((found["natural"], found["shuffled"]))
    interval = stats.ttest_rel(*zip(*pairs, strict=True)).confidence_interval(0.95)
    return interval.low, interval.high
