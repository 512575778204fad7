"""Packs four codes of two bits into a byte.

Message: pack of 243 words has shape
"""


def packed_bytes(rows, columns):
    return -(-rows * columns // 5)


def pack(codes):
    digits = F.pad(codes.flatten().long() + 1, (0, -codes.numel() % 4)).view(-1, 4)
    return (digits << torch.tensor([0, 2, 4, 6])).sum(dim=1).to(torch.uint8)


def unpack(packed, n):
    return ((packed.long()[:, None] >> torch.tensor([0, 2, 4, 6]) & 3).flatten()[:n] - 1).to(torch.int8)
