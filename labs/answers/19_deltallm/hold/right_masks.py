"""Multiplies by a mask and keeps the reference apart."""


def hold(keys, theta):
    reference = keys[..., 0, :]
    deltas, references = [reference], [reference]
    for t in range(1, keys.shape[-2]):
        k = keys[..., t, :]
        delta = (k - reference) * ((k - reference).abs() > theta)
        reference = reference + delta
        deltas.append(delta)
        references.append(reference)
    return torch.stack(deltas, dim=-2), torch.stack(references, dim=-2)
