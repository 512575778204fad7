"""Turns the interaction round.

Message: interaction
"""


def study(run, seeds):
    rows = [(run(2, 2, s), run(2, 12, s), run(12, 2, s), run(12, 12, s)) for s in seeds]
    return {
        "propagation": [(a + b - c - d) / 2 for a, b, c, d in rows],
        "transformation": [(a + c - b - d) / 2 for a, b, c, d in rows],
        "interaction": [(a - b) - (c - d) for a, b, c, d in rows],
    }
