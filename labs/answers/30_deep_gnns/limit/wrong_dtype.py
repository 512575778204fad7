"""Computes in float64 and leaves it there.

Message: dtype
"""


def limit(x, degree, component, r):
    d = degree.double()[:, None]
    member = F.one_hot(component).double()
    return d**r * (member @ ((member.T @ (d ** (1 - r) * x.double())) / (member.T @ d)))
