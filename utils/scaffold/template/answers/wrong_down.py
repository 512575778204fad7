"""Rounds toward minus infinity instead of to the nearest.

Message: the nearest multiple may lie above or below
"""


def to_grid(x, step):
    return torch.floor(x / step) * step
