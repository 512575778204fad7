"""A matrix of memberships."""


def limit(x, degree, component, r):
    member = F.one_hot(component).to(x.dtype)
    d = degree.to(x.dtype)[:, None]
    return d**r * (member @ ((member.T @ (d ** (1 - r) * x)) / (member.T @ d)))
