"""Adds half a step and rounds down."""


def to_grid(x, step):
    return torch.floor(x / step + 0.5) * step
