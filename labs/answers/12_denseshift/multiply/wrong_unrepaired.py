"""Hands in the broken version.

Message: no hidden one
"""


def multiply(x, s, S):
    bits = x.view(torch.int16) + (S << 10)
    return (bits ^ (s & -32768)).view(torch.float16)
