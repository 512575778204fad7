"""Changes the input by so little that rounding hides it.

Message: change the input more
"""


def leaks(layer, T, K):
    x = torch.randn(1, T, K)
    for t in range(1, T):
        other = x.clone()
        other[:, t:] += 1e-6
        if not torch.equal(layer(x)[:, :t], layer(other)[:, :t]):
            return True
    return False
