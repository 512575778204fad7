"""Every node tends to the mean.

Message: compare with 200 steps
"""


def limit(x, degree, component, r):
    member = F.one_hot(component).to(x.dtype)
    return member @ ((member.T @ x) / member.sum(0)[:, None])
