"""Sends only what exceeds the threshold, a soft threshold.

Message: value *sent*
"""


def hold(keys, theta):
    reference = keys[..., 0, :]
    deltas, references = [reference], [reference]
    for t in range(1, keys.shape[-2]):
        k = keys[..., t, :]
        change = k - reference
        delta = change.sign() * (change.abs() - theta).clamp(min=0)
        reference = reference + delta
        deltas.append(delta)
        references.append(reference)
    return torch.stack(deltas, dim=-2), torch.stack(references, dim=-2)
