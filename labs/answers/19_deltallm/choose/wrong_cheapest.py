"""Takes what keeps least.

Message: with a large budget the best pair wins
"""


def choose(measure, thetas, windows, seeds, budget):
    best, choice = None, None
    for theta in thetas:
        for w in windows:
            runs = [measure(theta, w, seed) for seed in seeds]
            share = sum(run[0] for run in runs) / len(runs)
            if share <= budget and (best is None or -share > best):
                best, choice = -share, (theta, w)
    return choice
