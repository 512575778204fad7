"""Cuts at 1 without solving again.

Message: does not keep the share
"""


def erk(shapes, density):
    sizes, fans = [math.prod(s) for s in shapes], [sum(s) for s in shapes]
    epsilon = density * sum(sizes) / sum(fans)
    return [min(1.0, epsilon * fan / size) for fan, size in zip(fans, sizes, strict=True)]
