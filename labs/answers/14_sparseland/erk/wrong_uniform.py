"""Gives every layer the same density.

Message: each layer keeps epsilon times
"""


def erk(shapes, density):
    return [density] * len(shapes)
