"""Solves again only once.

Message: solved again
"""


def erk(shapes, density):
    sizes, fans = [math.prod(s) for s in shapes], [sum(s) for s in shapes]
    epsilon = density * sum(sizes) / sum(fans)
    full = [epsilon * fan > size for fan, size in zip(fans, sizes, strict=True)]
    left = density * sum(sizes) - sum(s for s, f in zip(sizes, full, strict=True) if f)
    epsilon = left / sum(a for a, f in zip(fans, full, strict=True) if not f)
    return [1.0 if f else min(1.0, epsilon * a / s) for a, s, f in zip(fans, sizes, full, strict=True)]
