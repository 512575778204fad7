"""Triton kernel of ``ternary_linear``: codes are unpacked in registers, sums are exact in int32."""

import math

import torch
import triton
import triton.language as tl

from utils.kernels.packed_linear_triton import by_row, values
from utils.kernels.ternary_pack import LANES, PER_BYTE, PackedTernary

# One row of activations is multiplied and summed directly, several by the matrix units. STEP bytes of each of
# TILE_N rows of weights are taken at a time, loads running STAGES steps ahead.
DIRECT = {"TILE_B": 1, "TILE_N": 8, "STEP": 4 * LANES, "STAGES": 1, "num_warps": 4}
UNITS = {"TILE_N": 64, "STEP": LANES, "STAGES": 3, "num_warps": 4}
FEW, MANY = 16, 64  # rows of activations of one program of the matrix units


def ternary_linear_triton(
    x: torch.Tensor, x_scale: torch.Tensor, packed: PackedTernary, bias: torch.Tensor | None
) -> torch.Tensor:
    """See ``ternary_linear``."""
    batch, (rows, columns) = x.shape[0], packed.shape
    y = torch.empty(batch, rows, device=x.device, dtype=torch.float32)
    if y.numel() == 0:
        return y
    x, data = x.contiguous(), packed.data.contiguous()
    scale = packed.scale * x_scale
    added = scale if bias is None else bias.detach().contiguous()
    tile = MANY if batch > FEW else FEW
    form = UNITS | {"TILE_B": tile} if batch > 1 else DIRECT
    blocks, row_bytes = columns // (LANES * PER_BYTE[packed.base]), data.shape[1]
    unit = math.gcd(row_bytes, 16)
    grid = (triton.cdiv(batch, form["TILE_B"]) * triton.cdiv(rows, form["TILE_N"]),)
    shape = (batch, rows, columns, row_bytes // unit, blocks)
    tail = row_bytes > blocks * LANES
    constants = (unit, PER_BYTE[packed.base], bias is not None, batch > 1, tail, LANES)
    _tile_kernel[grid](x, data, scale, added, y, *shape, *constants, **form)
    return y


@triton.jit
def _tile_kernel(
    x,
    data,
    scale,
    bias,
    y,
    batch,
    rows,
    columns,
    row_units,
    blocks,
    UNIT: tl.constexpr,
    PER_BYTE: tl.constexpr,
    HAS_BIAS: tl.constexpr,
    MATRIX: tl.constexpr,
    TAIL: tl.constexpr,
    LANES: tl.constexpr,
    TILE_B: tl.constexpr,
    TILE_N: tl.constexpr,
    STEP: tl.constexpr,
    STAGES: tl.constexpr,
):
    """A row of UNIT times ``row_units`` bytes begins with full blocks, whose loads are aligned."""
    tiles = tl.cdiv(batch, TILE_B)
    b = (tl.program_id(0) % tiles).to(tl.int64) * TILE_B + tl.arange(0, TILE_B)
    n = (tl.program_id(0) // tiles).to(tl.int64) * TILE_N + tl.arange(0, TILE_N)
    x += b[:, None] * columns
    data += n[:, None] * row_units * UNIT
    row_bytes, whole = row_units * UNIT, blocks * LANES
    known, real = (b < batch)[:, None], (n < rows)[:, None]
    lane = tl.arange(0, STEP)
    block, place = lane // LANES * LANES, lane % LANES
    total = tl.zeros([TILE_N, TILE_B if MATRIX else STEP], tl.int32)
    for start in tl.range(0, whole, STEP, num_stages=STAGES):
        inside = (start + lane < whole)[None, :]
        packed = tl.load(data + (start + lane)[None, :], real & inside, 0)
        for plane in tl.static_range(PER_BYTE):
            at = PER_BYTE * (start + block) + plane * LANES + place
            value = values(x + at[None, :], known & inside, TILE_N, MATRIX)
            total = _add_products(total, value, _digit(packed, plane, PER_BYTE), MATRIX)
    total = by_row(total, MATRIX)
    if TAIL:
        lanes, lane = row_bytes - whole, tl.arange(0, LANES)
        last = tl.zeros([TILE_N, TILE_B if MATRIX else LANES], tl.int32)
        packed = tl.load(data + (whole + lane)[None, :], real & (lane < lanes)[None, :], 0)
        for plane in tl.static_range(PER_BYTE):
            at = PER_BYTE * whole + plane * lanes + lane
            inside = known & ((lane < lanes) & (at < columns))[None, :]
            value = values(x + at[None, :], inside, TILE_N, MATRIX)
            last = _add_products(last, value, _digit(packed, plane, PER_BYTE), MATRIX)
        total += by_row(last, MATRIX)
    _store(total, scale, bias, y, b, n, batch, rows, HAS_BIAS)


@triton.jit
def _digit(packed, plane: tl.constexpr, PER_BYTE: tl.constexpr):
    """Code -1, 0, +1 number ``plane`` of each byte."""
    packed = packed.to(tl.int32)
    if PER_BYTE == 4:
        digit = (packed >> (2 * plane)) & 3
    else:
        power: tl.constexpr = 3**plane
        digit = (((packed * power) & 255) * 3) >> 8
    return (digit - 1).to(tl.int8)


@triton.jit
def _add_products(total, value, digit, MATRIX: tl.constexpr):
    """The weights stand first, where the matrix units take them from registers."""
    if MATRIX:
        total = tl.dot(digit, tl.trans(value), acc=total, out_dtype=tl.int32)
    else:
        total += digit.to(tl.int32) * value.to(tl.int32)
    return total


@triton.jit
def _store(total, scale, bias, y, b, n, batch, rows, HAS_BIAS: tl.constexpr):
    result = total.to(tl.float32) * tl.load(scale + b, b < batch, 0.0)[None, :]
    if HAS_BIAS:
        result += tl.load(bias + n, n < rows, 0.0)[:, None]
    tl.store(y + b[None, :] * rows + n[:, None], result, (b < batch)[None, :] & (n < rows)[:, None])
