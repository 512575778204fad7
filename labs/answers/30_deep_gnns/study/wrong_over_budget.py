"""Trains the corners again for every question.

Message: 16 allowed
"""


def study(run, seeds):
    return {
        "propagation": [(run(2, 2, s) - run(12, 2, s) + run(2, 12, s) - run(12, 12, s)) / 2 for s in seeds],
        "transformation": [
            (run(2, 2, s) - run(2, 12, s) + run(12, 2, s) - run(12, 12, s)) / 2 for s in seeds
        ],
        "interaction": [run(12, 2, s) - run(12, 12, s) - run(2, 2, s) + run(2, 12, s) for s in seeds],
    }
