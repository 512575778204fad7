"""One component after the other."""


def limit(x, degree, component, r):
    out = torch.empty_like(x)
    d = degree.to(x.dtype)
    for c in component.unique():
        own = component == c
        direction = (d[own, None] ** (1 - r) * x[own]).sum(0) / d[own].sum()
        out[own] = d[own, None] ** r * direction
    return out
