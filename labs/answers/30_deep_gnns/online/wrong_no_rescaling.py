"""Forgets to rescale the sum of rows.

Message: rescale both sums
"""


def online(stream):
    top = None
    for h, s in stream:
        if top is None:
            top, z, a = s.clone(), torch.ones_like(s), h.clone()
            continue
        higher = torch.maximum(top, s)
        z = (top - higher).exp() * z + (s - higher).exp()
        a = a + (s - higher).exp()[:, None] * h
        top = higher
    return a / z[:, None]
