"""Deep minus shallow.

Message: shallow minus deep
"""


def study(run, seeds):
    rows = [(run(2, 2, s), run(2, 12, s), run(12, 2, s), run(12, 12, s)) for s in seeds]
    return {
        "propagation": [(c + d - a - b) / 2 for a, b, c, d in rows],
        "transformation": [(b + d - a - c) / 2 for a, b, c, d in rows],
        "interaction": [(c - d) - (a - b) for a, b, c, d in rows],
    }
