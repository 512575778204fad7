"""Believes that right shapes mean causal.

Message: right shapes do not make it causal
"""


def leaks(layer, T, K):
    return layer(torch.randn(1, T, K)).shape[:2] != (1, T)
