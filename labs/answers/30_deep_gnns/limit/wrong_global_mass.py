"""Divides by the degrees of the whole graph.

Message: own 2m + n
"""


def limit(x, degree, component, r):
    d = degree.to(x.dtype)[:, None]
    member = F.one_hot(component).to(x.dtype)
    return d**r * (member @ (member.T @ (d ** (1 - r) * x))) / d.sum()
