"""Starts with a maximum of minus infinity."""


def online(stream):
    top, z, a = -torch.inf, 0, 0
    for h, s in stream:
        new_top = s.clamp(min=top) if isinstance(top, float) else torch.where(s > top, s, top)
        factor = (top - new_top).exp()
        share = (s - new_top).exp()
        z = z * factor + share
        a = a * factor[:, None] + share[:, None] * h
        top = new_top.clone()
    return a / z[:, None]
