"""Ternary weights in memory: four codes a byte (2 bits each) or five codes a byte (base 3)."""

from dataclasses import dataclass

import torch

from utils.errors import FrugalError
from utils.kernels import checks
from utils.kernels.stored import Stored

LANES = 64  # bytes that are unpacked together: one AVX-512 register
PER_BYTE = {"2bit": 4, "base3": 5}


@dataclass(frozen=True)
class PackedTernary(Stored):
    """A ternary matrix (N, K) of codes -1, 0, +1, packed row by row.

    Within a row, ``LANES`` bytes hold ``LANES * per_byte`` consecutive codes: digit ``p`` of byte ``j``
    is the code at ``p * LANES + j``, so one shift of a register yields 64 neighboring codes. The last,
    shorter block of a row has ``ceil(rest / per_byte)`` bytes and the same order with that many lanes.

    Attributes
    ----------
    data : uint8 tensor (N, bytes a row)
    columns : K
    scale : float32 tensor (); the weights are ``codes * scale``
    base : "2bit" (1/4 byte a weight) or "base3" (1/5 byte a weight)
    """

    data: torch.Tensor
    columns: int
    scale: torch.Tensor
    base: str

    def __post_init__(self):
        checks.option("base", self.base, *PER_BYTE)
        checks.dimensions("data", self.data, 2)
        checks.shape("data", self.data, self.data.shape[0], bytes_per_row(self.columns, self.base))
        checks.shape("scale", self.scale)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the weight."""
        return self.data.shape[0], self.columns


def bytes_per_row(columns: int, base: str) -> int:
    """Bytes that hold a row of K codes: ceil(K / 4) or ceil(K / 5), whole blocks first."""
    full, rest = divmod(columns, LANES * PER_BYTE[base])
    return full * LANES + -(-rest // PER_BYTE[base])


def pack_ternary(codes: torch.Tensor, scale: torch.Tensor | float = 1.0, base: str = "2bit") -> PackedTernary:
    """Pack the codes -1, 0, +1 of a matrix.

    Parameters
    ----------
    codes : integer tensor (N, K) with entries -1, 0, +1
    scale : one number for the whole matrix; the weights are ``codes * scale``
    base : "2bit" or "base3"; since 3^5 = 243 <= 256, a byte holds five trits

    Raises
    ------
    FrugalError
        for another shape, dtype, base or code.
    """
    checks.dimensions("codes", codes, 2)
    checks.dtype("codes", codes, torch.int8, torch.int16, torch.int32, torch.int64)
    checks.option("base", base, *PER_BYTE)
    if codes.numel() and (codes.min() < -1 or codes.max() > 1):
        raise FrugalError("codes holds other values than -1, 0 and +1; quantize the weights first.")
    digits = (codes + 1).to(torch.uint8)
    blocks = [_combine(block, base) for block in _blocks(digits, base)]
    data = torch.cat(blocks, dim=1) if blocks else digits.new_zeros(codes.shape[0], 0)
    scale = torch.as_tensor(scale, dtype=torch.float32, device=codes.device)
    checks.shape("scale", scale)
    return PackedTernary(data.contiguous(), codes.shape[1], scale, base)


def unpack_ternary(packed: PackedTernary) -> torch.Tensor:
    """The codes of a packed matrix, int8 (N, K)."""
    checks.kind("packed", packed, PackedTernary, "make it by pack_ternary")
    rows, columns = packed.shape
    full = columns // (LANES * PER_BYTE[packed.base]) * LANES
    parts = [_digits(packed.data[:, :full].reshape(rows, full // LANES, LANES), packed.base)]
    if packed.data.shape[1] > full:
        parts.append(_digits(packed.data[:, None, full:], packed.base))
    return torch.cat(parts, dim=1)[:, :columns].to(torch.int8) - 1


def _blocks(digits: torch.Tensor, base: str) -> list[torch.Tensor]:
    """The digits as (N, blocks, per_byte, lanes): all full blocks, then the rest padded with zeros."""
    rows, columns = digits.shape
    per = PER_BYTE[base]
    full = columns // (LANES * per) * (LANES * per)
    blocks = [digits[:, :full].reshape(rows, full // (LANES * per), per, LANES)] if full else []
    if columns > full:
        lanes = -(-(columns - full) // per)
        rest = digits.new_zeros(rows, per * lanes)
        rest[:, : columns - full] = digits[:, full:]
        blocks.append(rest.reshape(rows, 1, per, lanes))
    return blocks


def _combine(digits: torch.Tensor, base: str) -> torch.Tensor:
    """Digits (N, blocks, per_byte, lanes) to bytes (N, blocks * lanes)."""
    digits = digits.to(torch.int32)
    if base == "2bit":
        values = sum(digits[:, :, p] << (2 * p) for p in range(4))
    else:
        number = sum(digits[:, :, p] * 3 ** (4 - p) for p in range(5))
        # Stored as the fraction number / 243 in units of 1/256, rounded up: multiplying by 3 then moves
        # one digit above the byte, so unpacking needs no division.
        values = (number * 256 + 242) // 243
    return values.to(torch.uint8).flatten(1)


def _digits(data: torch.Tensor, base: str) -> torch.Tensor:
    """Bytes (N, blocks, lanes) to digits 0, 1, 2 in order (N, blocks * per_byte * lanes)."""
    values = data.to(torch.int32)
    if base == "2bit":
        planes = [(values >> (2 * p)) & 3 for p in range(4)]
    else:
        planes = []
        for _ in range(5):
            values = values * 3
            planes.append(values >> 8)
            values = values & 255
    return torch.stack(planes, dim=2).flatten(1)
