"""Mixes all components.

Message: own component
"""


def limit(x, degree, component, r):
    d = degree.to(x.dtype)[:, None]
    return d**r * (d ** (1 - r) * x).sum(0) / d.sum()
