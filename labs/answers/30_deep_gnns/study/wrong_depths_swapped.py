"""Exchanges the two depths.

Message: averaged over the other depth
"""


def study(run, seeds):
    rows = [(run(2, 2, s), run(12, 2, s), run(2, 12, s), run(12, 12, s)) for s in seeds]
    return {
        "propagation": [(a + b - c - d) / 2 for a, b, c, d in rows],
        "transformation": [(a + c - b - d) / 2 for a, b, c, d in rows],
        "interaction": [(c - d) - (a - b) for a, b, c, d in rows],
    }
