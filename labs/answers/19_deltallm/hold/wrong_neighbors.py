"""Compares with the previous key: small steps are lost.

Message: value *sent*
"""


def hold(keys, theta):
    steps = keys.diff(dim=-2)
    steps = torch.where(steps.abs() > theta, steps, 0.0)
    deltas = torch.cat([keys[..., :1, :], steps], dim=-2)
    return deltas, deltas.cumsum(dim=-2)
