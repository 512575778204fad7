"""Reports one mean.

Message: one value a seed
"""


def study(run, seeds):
    rows = [(run(2, 2, s), run(2, 12, s), run(12, 2, s), run(12, 12, s)) for s in seeds]
    n = len(rows)
    return {
        "propagation": [sum((a + b - c - d) / 2 for a, b, c, d in rows) / n],
        "transformation": [sum((a + c - b - d) / 2 for a, b, c, d in rows) / n],
        "interaction": [sum((c - d) - (a - b) for a, b, c, d in rows) / n],
    }
