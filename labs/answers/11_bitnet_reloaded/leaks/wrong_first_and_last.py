"""Changes only the last position and looks only at the first.

Message: try every position
"""


def leaks(layer, T, K):
    x = torch.randn(1, T, K)
    other = x.clone()
    other[:, -1] = 100 * torch.randn(1, K)
    return not torch.equal(layer(x)[:, 0], layer(other)[:, 0])
