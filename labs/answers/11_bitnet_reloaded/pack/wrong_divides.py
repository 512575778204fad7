"""Takes the digits out by division and remainder.

Message: unpack divides
"""

POWERS = torch.tensor([1, 3, 9, 27, 81])


def packed_bytes(rows, columns):
    return -(-rows * columns // 5)


def pack(codes):
    digits = F.pad(codes.flatten().long() + 1, (0, -codes.numel() % 5))
    return (digits.view(-1, 5) * POWERS).sum(dim=1).to(torch.uint8)


def unpack(packed, n):
    return (packed.long()[:, None] // POWERS % 3 - 1).flatten()[:n].to(torch.int8)
