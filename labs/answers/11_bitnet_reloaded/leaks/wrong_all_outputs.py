"""Compares all outputs, also those that may change.

Message: compare only outputs before the change
"""


def leaks(layer, T, K):
    x = torch.randn(1, T, K)
    other = x.clone()
    other[:, -1] = 100 * torch.randn(1, K)
    return not torch.equal(layer(x), layer(other))
