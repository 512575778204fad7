"""Sends changes of exactly theta, too.

Message: more than theta
"""


def hold(keys, theta):
    reference = keys[..., 0, :]
    deltas, references = [reference], [reference]
    for t in range(1, keys.shape[-2]):
        k = keys[..., t, :]
        delta = torch.where((k - reference).abs() >= theta, k - reference, 0.0)
        reference = reference + delta
        deltas.append(delta)
        references.append(reference)
    return torch.stack(deltas, dim=-2), torch.stack(references, dim=-2)
