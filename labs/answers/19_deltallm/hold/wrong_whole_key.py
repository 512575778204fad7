"""Decides for the whole key, by its largest change.

Message: small changes are not sent
"""


def hold(keys, theta):
    reference = keys[..., 0, :]
    deltas, references = [reference], [reference]
    for t in range(1, keys.shape[-2]):
        k = keys[..., t, :]
        moved = ((k - reference).abs() > theta).any(-1, keepdim=True)
        delta = torch.where(moved, k - reference, 0.0)
        reference = reference + delta
        deltas.append(delta)
        references.append(reference)
    return torch.stack(deltas, dim=-2), torch.stack(references, dim=-2)
