"""Fills tensors row by row, and reads the reference where it was last sent."""


def hold(keys, theta):
    deltas, references = torch.zeros_like(keys), keys.clone()
    deltas[..., 0, :] = keys[..., 0, :]
    for t in range(1, keys.shape[-2]):
        before = references[..., t - 1, :]
        keep = (keys[..., t, :] - before).abs() <= theta
        references[..., t, :] = torch.where(keep, before, keys[..., t, :])
        deltas[..., t, :] = references[..., t, :] - before
    return deltas, references
