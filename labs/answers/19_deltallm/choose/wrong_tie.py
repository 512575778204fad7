"""Takes the first of equally right pairs.

Message: keeps less
"""


def choose(measure, thetas, windows, seeds, budget):
    best, choice = None, None
    for theta in thetas:
        for w in windows:
            runs = [measure(theta, w, seed) for seed in seeds]
            share = sum(run[0] for run in runs) / len(runs)
            right = sum(run[1] for run in runs) / len(runs)
            if share <= budget and (best is None or right > best):
                best, choice = right, (theta, w)
    return choice
