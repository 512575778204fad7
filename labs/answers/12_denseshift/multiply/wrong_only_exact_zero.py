"""Masks zero but not the subnormal numbers.

Message: zero and subnormal
"""


def multiply(x, s, S):
    bits = x.view(torch.int16)
    field = (bits >> 10) & 31
    largest = (bits & -32768) | 31743
    product = torch.where(field + S > 30, largest, bits + (S << 10))
    product = torch.where(x == 0, 0, product)
    return (product ^ (s & -32768)).view(torch.float16)
