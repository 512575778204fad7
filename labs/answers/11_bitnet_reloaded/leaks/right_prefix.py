"""Cuts the sequence off: the outputs of a prefix may not depend on whether it goes on."""


def leaks(layer, T, K):
    x = torch.randn(4, T, K) * 10.0 ** torch.arange(T)[None, :, None]
    whole = layer(x)
    return any(not torch.allclose(layer(x[:, :t]), whole[:, :t], rtol=1e-4, atol=1e-5) for t in range(1, T))
