"""Branches instead of a table, and sorts the candidates."""


def bill(method, d, every, times):
    if method in ("static", "SET"):
        return times * d
    if method == "RigL":
        return times * (every * 3 * d + 2 * d + 1) / (every + 1) / 3
    if method == "gradual":
        return times * (d + 3 * (1 - d) / 16)
    return times * (1 + (d if method == "pruned" else 0))


def held(method, d):
    if method in {"dense", "gradual", "pruned"}:
        return 1.0
    return d


def choose(candidates, most_bill, most_held):
    order = sorted(candidates, key=lambda c: (-c[5], bill(*c[1:5])))
    for name, method, d, every, times, _ in order:
        if bill(method, d, every, times) <= most_bill and held(method, d) <= most_held:
            return name
    return None
