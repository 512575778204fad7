"""Right for one half only.

Message: the exponents
"""


def limit(x, degree, component, r):
    d = degree.to(x.dtype)[:, None]
    member = F.one_hot(component).to(x.dtype)
    return d ** (1 - r) * (member @ ((member.T @ (d**r * x)) / (member.T @ d)))
