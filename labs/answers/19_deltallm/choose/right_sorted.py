"""Lists every pair, sorts, takes the first that fits."""


def choose(measure, thetas, windows, seeds, budget):
    rows = []
    for theta in thetas:
        for w in windows:
            shares, rights = zip(*(measure(theta, w, s) for s in seeds), strict=True)
            rows.append((-sum(rights), sum(shares), theta, w))
    fitting = sorted(row for row in rows if row[1] <= budget * len(seeds))
    return fitting[0][2:] if fitting else None
