"""Filters first, then takes the maximum by a key."""


def bill(method, d, every, times):
    if method == "RigL":
        return times * (d * every + (2 * d + 1) / 3) / (every + 1)
    means = {"gradual": 0.25 * d + 0.75 * d + 0.1875 * (1 - d), "dense": 1, "pruned": 1 + d}
    return times * means.get(method, d)


def held(method, d):
    return {"dense": 1, "gradual": 1, "pruned": 1}.get(method, d)


def choose(candidates, most_bill, most_held):
    good = [c for c in candidates if bill(*c[1:5]) <= most_bill and held(c[1], c[2]) <= most_held]
    return max(good, key=lambda c: (c[5], -bill(*c[1:5])))[0] if good else None
