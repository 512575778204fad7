"""Power-of-two weights in memory: a sign and an exponent in 2, 3 or 4 bits, without a zero."""

from dataclasses import dataclass

import torch

from utils.errors import FrugalError
from utils.kernels import checks
from utils.kernels.stored import Stored

LANES = 64  # bytes that are unpacked together: one AVX-512 register
# Bits a weight to (bytes, codes) of a lane: eight codes of 3 bits fill three bytes exactly.
GROUPS = {2: (1, 4), 3: (3, 8), 4: (1, 2)}


@dataclass(frozen=True)
class PackedPowerOfTwo(Stored):
    """A matrix (N, K) of weights ``sign * 2**exponent * scale``, packed row by row.

    A code is the sign (1 for minus) above ``bits - 1`` bits of exponent. ``LANES`` lanes hold
    ``LANES * codes`` consecutive weights: code ``p`` of lane ``j`` is the weight at ``p * LANES + j``, so one
    shift of a register yields 64 neighbors. Byte ``g`` of lane ``j`` is stored at ``g * LANES + j``. With 3
    bits, codes 0 to 5 lie two in a byte and the upper bits hold codes 6 and 7 (see ``_join``). The last,
    shorter block of a row has ``ceil(rest / codes)`` lanes in the same order.

    Attributes
    ----------
    data : uint8 tensor (N, bytes per row)
    columns : K
    scale : float32 tensor, () for the whole matrix or (N,) for each row
    bits : 2, 3 or 4 bits per weight, so exponents 0 to 1, 3 or 7
    """

    data: torch.Tensor
    columns: int
    scale: torch.Tensor
    bits: int

    def __post_init__(self):
        checks.option("bits", self.bits, *GROUPS)
        checks.dimensions("data", self.data, 2)
        checks.shape("data", self.data, self.data.shape[0], bytes_per_row(self.columns, self.bits))
        if self.scale.dim():
            checks.shape("scale", self.scale, self.data.shape[0])

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the weight."""
        return self.data.shape[0], self.columns


def bytes_per_row(columns: int, bits: int) -> int:
    """Bytes that hold a row of K weights: K bits / 8, rounded up to whole lanes of 1 or (3 bits) 3 bytes."""
    size, codes = GROUPS[bits]
    return -(-columns // codes) * size


def pack_power_of_two(
    signs: torch.Tensor, exponents: torch.Tensor, scale: torch.Tensor | float = 1.0, bits: int = 3
) -> PackedPowerOfTwo:
    """Pack a matrix of weights ``sign * 2**exponent * scale``.

    Parameters
    ----------
    signs : int8 tensor (N, K) of -1 and +1
    exponents : int8 tensor (N, K) of 0 to ``2**(bits - 1) - 1``
    scale : one number, or float32 tensor (N,) with one for each row
    bits : 2, 3 or 4

    Raises
    ------
    FrugalError
        for another shape, dtype, number of bits, sign or exponent.

    References
    ----------
    Li et al., DenseShift (arXiv:2208.09708): the zero-free code book.
    """
    checks.option("bits", bits, *GROUPS)
    checks.dimensions("signs", signs, 2)
    checks.shape("exponents", exponents, *signs.shape)
    for name, tensor in (("signs", signs), ("exponents", exponents)):
        checks.dtype(name, tensor, torch.int8)
    _check_values(signs, exponents, 2 ** (bits - 1) - 1)
    scale = torch.as_tensor(scale, dtype=torch.float32, device=signs.device)
    if scale.dim():
        checks.shape("scale", scale, signs.shape[0])
    codes = (signs < 0).to(torch.uint8) << (bits - 1) | exponents.to(torch.uint8)
    parts = [_join(block, bits).flatten(1) for block in _blocks(codes, GROUPS[bits][1])]
    data = torch.cat(parts, dim=1) if parts else codes.new_zeros(codes.shape[0], 0)
    return PackedPowerOfTwo(data.contiguous(), signs.shape[1], scale, bits)


def unpack_power_of_two(packed: PackedPowerOfTwo) -> tuple[torch.Tensor, torch.Tensor]:
    """The signs and the exponents of a packed matrix, int8 (N, K) each."""
    checks.kind("packed", packed, PackedPowerOfTwo, "make it by pack_power_of_two")
    rows, columns = packed.shape
    size, codes = GROUPS[packed.bits]
    full = columns // (LANES * codes) * LANES * size
    blocks = packed.data[:, :full].reshape(rows, full // (LANES * size), size, LANES)
    rest = packed.data[:, full:].reshape(rows, 1, size, (packed.data.shape[1] - full) // size)
    parts = [_split(block, packed.bits).flatten(1) for block in (blocks, rest)]
    code = torch.cat(parts, dim=1)[:, :columns].to(torch.int8)
    top = 2 ** (packed.bits - 1)
    return 1 - 2 * (code // top), code % top


def dense_power_of_two(packed: PackedPowerOfTwo) -> torch.Tensor:
    """The weights themselves, float32 (N, K)."""
    signs, exponents = unpack_power_of_two(packed)
    scale = packed.scale[:, None] if packed.scale.dim() else packed.scale
    return torch.ldexp(signs.float(), exponents.int()) * scale


def _check_values(signs: torch.Tensor, exponents: torch.Tensor, largest: int) -> None:
    if not (signs.abs() == 1).all():
        raise FrugalError("signs holds other values than -1 and +1; a power-of-two weight has no zero.")
    if exponents.numel() and (exponents.min() < 0 or exponents.max() > largest):
        raise FrugalError(f"exponents holds values outside 0 to {largest}; clip them or take more bits.")


def _blocks(codes: torch.Tensor, per: int) -> list[torch.Tensor]:
    """The codes as (N, blocks, per, lanes): all full blocks, then the rest padded with zeros."""
    rows, columns = codes.shape
    full = columns // (LANES * per) * (LANES * per)
    blocks = [codes[:, :full].reshape(rows, full // (LANES * per), per, LANES)] if full else []
    if columns > full:
        lanes = -(-(columns - full) // per)
        rest = codes.new_zeros(rows, per * lanes)
        rest[:, : columns - full] = codes[:, full:]
        blocks.append(rest.reshape(rows, 1, per, lanes))
    return blocks


def _join(codes: torch.Tensor, bits: int) -> torch.Tensor:
    """Codes (N, blocks, codes, lanes) to bytes (N, blocks, bytes, lanes)."""
    c = codes.unbind(2)
    if bits != 3:
        return sum(code << (bits * p) for p, code in enumerate(c)).unsqueeze(2).to(torch.uint8)
    # The upper two bits: of byte 0 the exponent of code 6, of byte 1 that of code 7, of byte 2 both signs.
    upper = (c[6] & 3, c[7] & 3, (c[6] >> 2) | (c[7] >> 2) << 1)
    return torch.stack([c[2 * g] | c[2 * g + 1] << 3 | upper[g] << 6 for g in range(3)], dim=2)


def _split(data: torch.Tensor, bits: int) -> torch.Tensor:
    """Bytes (N, blocks, bytes, lanes) to codes (N, blocks, codes, lanes)."""
    if bits != 3:
        return torch.cat([data >> (bits * p) & (2**bits - 1) for p in range(8 // bits)], dim=2)
    low = [part for byte in data.unbind(2) for part in (byte & 7, byte >> 3 & 7)]
    first, second, signs = (byte >> 6 for byte in data.unbind(2))
    return torch.stack([*low, first | (signs & 1) << 2, second | (signs >> 1) << 2], dim=2)
