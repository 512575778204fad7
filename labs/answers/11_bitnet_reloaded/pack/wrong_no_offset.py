"""Forgets to add 1: words with a negative value wrap around in a byte.

Message: in the order in which they went in
"""

POWERS = torch.tensor([1, 3, 9, 27, 81])
TABLE = F.pad(torch.arange(243)[:, None] // POWERS % 3, (0, 0, 0, 13))


def packed_bytes(rows, columns):
    return -(-rows * columns // 5)


def pack(codes):
    digits = F.pad(codes.flatten().long(), (0, -codes.numel() % 5))
    return (digits.view(-1, 5) * POWERS).sum(dim=1).to(torch.uint8)


def unpack(packed, n):
    return TABLE[packed.long()].flatten()[:n].to(torch.int8)
