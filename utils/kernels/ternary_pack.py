"""Ternary weights in memory: four codes a byte (2 bits each) or five codes a byte (base 3)."""

from dataclasses import dataclass

import torch

from utils.errors import FrugalError
from utils.kernels import checks
from utils.kernels.stored import Stored

LANES = 64  # bytes that are unpacked together when rows lie one after another
TILE_ROWS, TILE_LANES = 4, 32  # rows that lie side by side in tiles, and the bytes of each that do
PER_BYTE = {"2bit": 4, "base3": 5}


@dataclass(frozen=True)
class PackedTernary(Stored):
    """A ternary matrix (N, K) of codes -1, 0, +1, packed row by row.

    Within a row, ``LANES`` bytes hold ``LANES * per_byte`` consecutive codes: digit ``p`` of byte ``j``
    is the code at ``p * LANES + j``, so one shift of a register yields 64 neighboring codes. The last,
    shorter block of a row has ``ceil(rest / per_byte)`` bytes and the same order with that many lanes.

    Attributes
    ----------
    data : uint8 tensor (N, bytes per row)
    columns : K
    scale : float32 tensor (); the weights are ``codes * scale``
    base : "2bit" (1/4 byte a weight) or "base3" (1/5 byte a weight)
    tiled : whether blocks of 32 bytes of four rows lie side by side, so that a processor reads one stream;
        the last rows form a smaller tile. ``data`` is then no longer row after row.
    """

    data: torch.Tensor
    columns: int
    scale: torch.Tensor
    base: str
    tiled: bool = False

    def __post_init__(self):
        checks.option("base", self.base, *PER_BYTE)
        if self.tiled and self.base != "2bit":
            raise FrugalError("only two bits are kept in tiles; base 3 has its rows one after another.")
        checks.dimensions("data", self.data, 2)
        checks.shape("data", self.data, self.data.shape[0], bytes_per_row(self.columns, self.base))
        checks.shape("scale", self.scale)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the weight."""
        return self.data.shape[0], self.columns

    def to(self, device: torch.device | str) -> "PackedTernary":
        """The same on another device, in the order that is fast there."""
        moved = super().to(device)
        return moved.with_tiles(_tiles_pay(self.base, moved.data.device))

    def with_tiles(self, tiled: bool) -> "PackedTernary":
        """The same matrix with its rows one after another, or in tiles."""
        if self.tiled == tiled:
            return self
        return pack_ternary(unpack_ternary(self), self.scale, self.base, tiled)


def _tiles_pay(base: str, device: torch.device) -> bool:
    return base == "2bit" and device.type == "cpu"


def bytes_per_row(columns: int, base: str) -> int:
    """Bytes that hold a row of K codes: ceil(K / 4) or ceil(K / 5), whole blocks first."""
    full, rest = divmod(columns, LANES * PER_BYTE[base])
    return full * LANES + -(-rest // PER_BYTE[base])


def pack_ternary(
    codes: torch.Tensor,
    scale: torch.Tensor | float = 1.0,
    base: str = "2bit",
    tiled: bool | None = None,
) -> PackedTernary:
    """Pack the codes -1, 0, +1 of a matrix.

    Parameters
    ----------
    codes : integer tensor (N, K) with entries -1, 0, +1
    scale : one number for the whole matrix; the weights are ``codes * scale``
    base : "2bit" or "base3"; since 3^5 = 243 <= 256, a byte holds five trits
    tiled : see ``PackedTernary``; None takes tiles for two bits on a CPU

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
    if tiled is None:
        tiled = _tiles_pay(base, codes.device)
    digits = (codes + 1).to(torch.uint8)
    blocks = [_combine(block, base) for block in _blocks(digits, base, TILE_LANES if tiled else LANES)]
    data = torch.cat(blocks, dim=1) if blocks else digits.new_zeros(codes.shape[0], 0)
    data = _in_tiles(data, join=True) if tiled else data
    scale = torch.as_tensor(scale, dtype=torch.float32, device=codes.device)
    checks.shape("scale", scale)
    return PackedTernary(data.contiguous(), codes.shape[1], scale, base, tiled)


def unpack_ternary(packed: PackedTernary) -> torch.Tensor:
    """The codes of a packed matrix, int8 (N, K)."""
    checks.kind("packed", packed, PackedTernary, "make it by pack_ternary")
    rows, columns = packed.shape
    lanes = TILE_LANES if packed.tiled else LANES
    data = _in_tiles(packed.data, join=False) if packed.tiled else packed.data
    full = columns // (lanes * PER_BYTE[packed.base]) * lanes
    parts = [_digits(data[:, :full].reshape(rows, full // lanes, lanes), packed.base)]
    if data.shape[1] > full:
        parts.append(_digits(data[:, None, full:], packed.base))
    return torch.cat(parts, dim=1)[:, :columns].to(torch.int8) - 1


def _in_tiles(data: torch.Tensor, join: bool) -> torch.Tensor:
    """Rows one after another (N, bytes) to tiles of four rows, or back: the same bytes in another order."""
    whole = data.shape[0] // TILE_ROWS * TILE_ROWS
    return torch.cat([_in_one(data[:whole], TILE_ROWS, join), _in_one(data[whole:], None, join)])


def _in_one(data: torch.Tensor, rows: int | None, join: bool) -> torch.Tensor:
    """Tiles of so many rows each, or a single one of all rows."""
    count, width = data.shape
    rows = rows or max(1, count)
    full = width // TILE_LANES * TILE_LANES
    if join:
        lines = data.reshape(count // rows, rows, width)
        blocks = lines[:, :, :full].reshape(count // rows, rows, full // TILE_LANES, TILE_LANES)
        parts = blocks.transpose(1, 2).flatten(1), lines[:, :, full:].flatten(1)
    else:
        lines = data.reshape(count // rows, rows * width)
        blocks = lines[:, : rows * full].reshape(count // rows, full // TILE_LANES, rows, TILE_LANES)
        rest = lines[:, rows * full :].reshape(count // rows, rows, width - full)
        parts = blocks.transpose(1, 2).reshape(count // rows, rows, full), rest
    return torch.cat(parts, dim=-1).reshape(count, width)


def _blocks(digits: torch.Tensor, base: str, lanes_of_block: int) -> list[torch.Tensor]:
    """The digits as (N, blocks, per_byte, lanes): all full blocks, then the rest padded with zeros."""
    rows, columns = digits.shape
    per = PER_BYTE[base]
    whole = lanes_of_block * per
    full = columns // whole * whole
    blocks = [digits[:, :full].reshape(rows, full // whole, per, lanes_of_block)] if full else []
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
