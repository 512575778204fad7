"""Accuses every layer that mixes positions, also one that looks back.

Message: only looks at the past
"""


def leaks(layer, T, K):
    x = torch.randn(1, T, K)
    for t in range(T):
        other = x.clone()
        other[:, t] = 100 * torch.randn(1, K)
        kept = torch.arange(T) != t
        if not torch.equal(layer(x)[:, kept], layer(other)[:, kept]):
            return True
    return False
