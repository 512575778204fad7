"""Names the four corners."""


def study(run, seeds):
    rows = [(run(2, 2, s), run(2, 12, s), run(12, 2, s), run(12, 12, s)) for s in seeds]
    return {
        "propagation": [0.5 * (a - c) + 0.5 * (b - d) for a, b, c, d in rows],
        "transformation": [0.5 * (a - b) + 0.5 * (c - d) for a, b, c, d in rows],
        "interaction": [(c - d) - (a - b) for a, b, c, d in rows],
    }
