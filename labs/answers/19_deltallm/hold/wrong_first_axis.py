"""Scans the first axis instead of the tokens.

Message: small changes are not sent
"""


def hold(keys, theta):
    reference = keys[0]
    deltas, references = [reference], [reference]
    for k in keys[1:]:
        delta = torch.where((k - reference).abs() > theta, k - reference, 0.0)
        reference = reference + delta
        deltas.append(delta)
        references.append(reference)
    return torch.stack(deltas), torch.stack(references)
