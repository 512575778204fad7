"""Says that gradual pruning holds its final density.

Message: gradual pruning begins with all weights
"""


def bill(method, d, every, times):
    step = {
        "dense": 1,
        "static": d,
        "SET": d,
        "RigL": (3 * d * every + 2 * d + 1) / (3 * (every + 1)),
        "gradual": 0.75 * (d + (1 - d) / 4) + 0.25 * d,
        "pruned": 1 + d,
    }
    return times * step[method]


def held(method, d):
    return 1 if method == "dense" else d


def choose(candidates, most_bill, most_held):
    within = []
    for name, method, d, every, times, accuracy in candidates:
        cost = bill(method, d, every, times)
        if cost <= most_bill and held(method, d) <= most_held:
            within.append((accuracy, -cost, name))
    return max(within)[2] if within else None
