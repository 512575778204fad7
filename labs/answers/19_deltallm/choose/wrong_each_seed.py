"""Asks every single seed to fit into the budget.

Message: another pair is better
"""


def choose(measure, thetas, windows, seeds, budget):
    best, choice = None, None
    for theta in thetas:
        for w in windows:
            runs = [measure(theta, w, seed) for seed in seeds]
            share = sum(run[0] for run in runs) / len(runs)
            right = sum(run[1] for run in runs) / len(runs)
            if all(run[0] <= budget for run in runs) and (best is None or (right, -share) > best):
                best, choice = (right, -share), (theta, w)
    return choice
