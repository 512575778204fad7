"""Saturates negative products at plus 65504.

Message: too large
"""


def multiply(x, s, S):
    bits = x.view(torch.int16)
    field = (bits >> 10) & 31
    largest = torch.full_like(bits, 31743)
    product = torch.where(field + S > 30, largest, bits + (S << 10))
    product = torch.where(field == 0, 0, product)
    return (product ^ (s & -32768)).view(torch.float16)
