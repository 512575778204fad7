"""Works in 32 bits and puts the fields together again."""


def multiply(x, s, S):
    bits = x.view(torch.int16).int() & 0xFFFF
    sign, field, mantissa = bits >> 15, (bits >> 10) & 31, bits & 1023
    sign = sign ^ (s < 0).int()
    moved = field + S.int()
    size = torch.where(moved >= 31, 0x7BFF, (moved << 10) | mantissa)
    size = torch.where(field == 0, torch.zeros_like(size), size)
    return (size | (sign << 15)).to(torch.int16).view(torch.float16)
