"""Takes the most accurate candidate whatever it costs.

Message: both budgets count
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
    return d if method in ("static", "SET", "RigL") else 1


def choose(candidates, most_bill, most_held):
    within = []
    for name, method, d, every, times, accuracy in candidates:
        cost = bill(method, d, every, times)
        if True:
            within.append((accuracy, -cost, name))
    return max(within)[2] if within else None
