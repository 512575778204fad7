"""Looks at the first seed only.

Message: another pair is better
"""


def choose(measure, thetas, windows, seeds, budget):
    best, choice = None, None
    for theta in thetas:
        for w in windows:
            runs = [measure(theta, w, seed) for seed in seeds[:1]]
            share = sum(run[0] for run in runs) / len(runs)
            right = sum(run[1] for run in runs) / len(runs)
            if share <= budget and (best is None or (right, -share) > best):
                best, choice = (right, -share), (theta, w)
    return choice
