"""Packs with the first digit most significant and unpacks with the first digit least significant.

Message: in the order in which they went in
"""

POWERS = torch.tensor([1, 3, 9, 27, 81])
TABLE = torch.arange(243)[:, None] // POWERS % 3 - 1


def packed_bytes(rows, columns):
    return -(-rows * columns // 5)


def pack(codes):
    digits = F.pad(codes.flatten().long() + 1, (0, -codes.numel() % 5))
    return (digits.view(-1, 5) * POWERS.flip(0)).sum(dim=1).to(torch.uint8)


def unpack(packed, n):
    return TABLE[packed.long()].flatten()[:n].to(torch.int8)
