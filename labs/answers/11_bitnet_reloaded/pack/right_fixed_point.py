"""Stores the word as a fraction of 256: each multiplication by 3 moves the next digit out at the top."""

import math


def packed_bytes(rows, columns):
    return math.ceil(rows * columns / 5)


def pack(codes):
    digits = F.pad(codes.flatten().int() + 1, (0, -codes.numel() % 5)).view(-1, 5)
    value = torch.zeros(len(digits), dtype=torch.int32)
    for digit in digits.unbind(1):
        value = 3 * value + digit
    return ((value * 256 + 242) // 243).to(torch.uint8)


def unpack(packed, n):
    fraction, out = packed.int(), []
    for _ in range(5):
        fraction = fraction * 3
        out.append((fraction >> 8) - 1)
        fraction = fraction & 255
    return torch.stack(out, 1).flatten()[:n].to(torch.int8)
