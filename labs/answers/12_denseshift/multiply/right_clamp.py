"""Saturates by comparing sizes without their sign."""


def multiply(x, s, S):
    bits = x.view(torch.int16)
    size = (bits & 32767).int()
    moved = (size + (S.int() << 10)).clamp(max=31743)
    moved = torch.where(size < 1024, 0, moved).to(torch.int16)
    negative = (bits < 0) ^ (s < 0)
    return torch.where(negative, moved | -32768, moved).view(torch.float16)
