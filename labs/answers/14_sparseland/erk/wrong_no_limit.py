"""Lets a density exceed 1.

Message: no layer can be denser than 1
"""


def erk(shapes, density):
    sizes, fans = [math.prod(s) for s in shapes], [sum(s) for s in shapes]
    epsilon = density * sum(sizes) / sum(fans)
    return [epsilon * fan / size for fan, size in zip(fans, sizes, strict=True)]
