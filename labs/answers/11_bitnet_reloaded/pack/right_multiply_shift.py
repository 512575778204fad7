"""Takes digits out with a multiplication and a shift, least significant first."""


def packed_bytes(rows, columns):
    return (rows * columns + 4) // 5


def pack(codes):
    stream = codes.reshape(-1).to(torch.int32) + 1
    stream = torch.cat([stream, stream.new_zeros(-len(stream) % 5)]).view(-1, 5)
    byte = stream[:, 4]
    for i in (3, 2, 1, 0):
        byte = byte * 3 + stream[:, i]
    return byte.to(torch.uint8)


def unpack(packed, n):
    rest, digits = packed.to(torch.int32), []
    for _ in range(5):
        third = rest * 171 >> 9
        digits.append(rest - 3 * third)
        rest = third
    return (torch.stack(digits, dim=1).reshape(-1)[:n] - 1).to(torch.int8)
