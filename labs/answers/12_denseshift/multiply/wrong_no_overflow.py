"""Forgets that a product can be too large.

Message: too large
"""


def multiply(x, s, S):
    bits = x.view(torch.int16)
    field = (bits >> 10) & 31
    product = bits + (S << 10)
    product = torch.where(field == 0, 0, product)
    return (product ^ (s & -32768)).view(torch.float16)
