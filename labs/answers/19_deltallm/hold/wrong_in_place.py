"""Writes into its input.

Message: changes its input
"""


def hold(keys, theta):
    deltas = keys.clone()
    for t in range(1, keys.shape[-2]):
        change = keys[..., t, :] - keys[..., t - 1, :]
        deltas[..., t, :] = torch.where(change.abs() > theta, change, 0.0)
        keys[..., t, :] = keys[..., t - 1, :] + deltas[..., t, :]
    return deltas, keys
