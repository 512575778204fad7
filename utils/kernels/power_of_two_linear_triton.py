"""Triton kernel of ``power_of_two_linear``: a weight is built from its code's bits, in registers."""

import math

import torch
import triton
import triton.language as tl

from utils.kernels.backends import interprets_triton
from utils.kernels.packed_linear_triton import by_row, values
from utils.kernels.power_of_two_pack import GROUPS, LANES, PackedPowerOfTwo

# One row of activations is multiplied and summed directly, several by the matrix units. STEP lanes of each of
# TILE_N rows of weights are taken at a time.
DIRECT = {"TILE_B": 1, "TILE_N": 8, "STEP": 2 * LANES, "STAGES": 1, "num_warps": 4}
UNITS = {"TILE_N": 64, "STEP": LANES, "num_warps": 4}
FEW = 16  # rows of activations of one program: at least so many, and by type and bits at most
MANY = {torch.int8: {2: 64, 3: 32, 4: 64}, torch.float32: {2: 32, 3: 16, 4: 32}}
# Steps that loads run ahead; not those of float32, which passes through registers, where it is cut in parts.
STAGES = {torch.int8: 2, torch.float32: 1}


def power_of_two_linear_triton(
    x: torch.Tensor, packed: PackedPowerOfTwo, x_scale: torch.Tensor | None, bias: torch.Tensor | None
) -> torch.Tensor:
    """See ``power_of_two_linear``.

    Two rows or more of float32 are multiplied as three bfloat16 parts that add up to x; the weights are
    bfloat16 numbers themselves. With s the sum of ``|w x|`` and W that of ``|w|`` along a row of K columns, a
    result is off by at most ``4 K 2^-23 s + 2^-125 W`` before the scale. The units truncate where they add
    3 K exact products, and again for every few that they take together; a part below 2^-126 may become zero.

    Source: Fasi, Higham, Mikaitis and Pranesh, Numerical behavior of NVIDIA tensor cores (2021).
    """
    batch, (rows, columns) = x.shape[0], packed.shape
    y = torch.empty(batch, rows, device=x.device, dtype=torch.float32)
    if y.numel() == 0:
        return y
    x, data = x.contiguous(), packed.data.contiguous()
    scale = packed.scale.expand(rows).contiguous()
    widths = scale if x_scale is None else x_scale.contiguous()
    added = scale if bias is None else bias.contiguous()
    form = _form(batch, x.dtype, packed.bits)
    grid = (triton.cdiv(batch, form["TILE_B"]) * triton.cdiv(rows, form["TILE_N"]),)
    (size, codes), row_bytes = GROUPS[packed.bits], data.shape[1]
    blocks, unit = columns // (LANES * codes), math.gcd(data.shape[1], 16)
    shape = (batch, rows, columns, row_bytes // unit, blocks)
    kinds = (x_scale is not None, bias is not None, batch > 1, row_bytes > blocks * LANES * size)
    constants = (unit, packed.bits, size, codes, *kinds, interprets_triton(), LANES)
    _tile_kernel[grid](x, data, scale, widths, added, y, *shape, *constants, **form)
    return y


def _form(batch: int, number: torch.dtype, bits: int) -> dict[str, int]:
    if batch == 1:
        return DIRECT
    tile = MANY[number][bits] if batch > FEW else FEW
    return UNITS | {"TILE_B": tile, "STAGES": STAGES[number]}


@triton.jit
def _tile_kernel(
    x,
    data,
    scale,
    x_scale,
    bias,
    y,
    batch,
    rows,
    columns,
    row_units,
    blocks,
    UNIT: tl.constexpr,
    BITS: tl.constexpr,
    SIZE: tl.constexpr,
    CODES: tl.constexpr,
    INTEGER: tl.constexpr,
    HAS_BIAS: tl.constexpr,
    MATRIX: tl.constexpr,
    TAIL: tl.constexpr,
    INTERPRETED: tl.constexpr,
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
    known, real = (b < batch)[:, None], (n < rows)[:, None]
    lane = tl.arange(0, STEP)
    block, place = lane // LANES * LANES, lane % LANES
    number: tl.constexpr = tl.int32 if INTEGER else tl.float32
    total = tl.zeros([TILE_N, TILE_B if MATRIX else STEP], number)
    for start in tl.range(0, blocks * LANES, STEP, num_stages=STAGES):
        inside = (start + lane < blocks * LANES)[None, :]
        at = data + (SIZE * (start + block) + place)[None, :]
        first, second, third = _load_bytes(at, LANES, real & inside, SIZE)
        for p in tl.static_range(CODES):
            at = CODES * (start + block) + p * LANES + place
            value = values(x + at[None, :], known & inside, TILE_N, MATRIX)
            total = _add_products(
                total, value, _code(first, second, third, p, BITS), BITS, INTEGER, MATRIX, INTERPRETED
            )
    total = by_row(total, MATRIX)
    if TAIL:
        whole, lane = blocks * LANES, tl.arange(0, LANES)
        lanes = row_units * UNIT // SIZE - whole
        last = tl.zeros([TILE_N, TILE_B if MATRIX else LANES], number)
        inside = (lane < lanes)[None, :]
        first, second, third = _load_bytes(data + (SIZE * whole + lane)[None, :], lanes, real & inside, SIZE)
        for p in tl.static_range(CODES):
            at = CODES * whole + p * lanes + lane
            value = values(x + at[None, :], known & inside & (at < columns)[None, :], TILE_N, MATRIX)
            last = _add_products(
                last, value, _code(first, second, third, p, BITS), BITS, INTEGER, MATRIX, INTERPRETED
            )
        total += by_row(last, MATRIX)
    _store(total, scale, x_scale, bias, y, b, n, batch, rows, INTEGER, HAS_BIAS)


@triton.jit
def _load_bytes(at, lanes, inside, SIZE: tl.constexpr):
    """The one or three bytes of each lane, ``lanes`` apart."""
    first = tl.load(at, inside, 0)
    if SIZE == 1:
        return first, first, first
    else:
        return first, tl.load(at + lanes, inside, 0), tl.load(at + 2 * lanes, inside, 0)


@triton.jit
def _code(first, second, third, p: tl.constexpr, BITS: tl.constexpr):
    """Code number ``p`` of each lane."""
    byte_0, byte_1, byte_2 = first.to(tl.int32), second.to(tl.int32), third.to(tl.int32)
    if BITS != 3:
        code = (byte_0 >> (BITS * p)) & ((1 << BITS) - 1)
    elif p == 6:
        code = (byte_0 >> 6) | ((byte_2 >> 6) & 1) << 2
    elif p == 7:
        code = (byte_1 >> 6) | (byte_2 >> 7) << 2
    elif p < 2:
        code = (byte_0 >> (3 * (p % 2))) & 7
    elif p < 4:
        code = (byte_1 >> (3 * (p % 2))) & 7
    else:
        code = (byte_2 >> (3 * (p % 2))) & 7
    return code


@triton.jit
def _add_products(
    total,
    value,
    code,
    BITS: tl.constexpr,
    INTEGER: tl.constexpr,
    MATRIX: tl.constexpr,
    INTERPRETED: tl.constexpr,
):
    """Beyond the ends x is zero. Weights stand first, where the matrix units take them from registers."""
    sign, exponent = code >> (BITS - 1), code & ((1 << (BITS - 1)) - 1)
    if INTEGER:
        total = _add_integers(total, value, (1 - 2 * sign) << exponent, BITS, MATRIX)
    elif MATRIX:
        weight = ((sign << 15) | ((exponent + 127) << 7)).to(tl.int16).to(tl.bfloat16, bitcast=True)
        total = _add_parts(total, value, weight, INTERPRETED)
    else:
        total += ((sign << 31) | ((exponent + 127) << 23)).to(tl.float32, bitcast=True) * value
    return total


@triton.jit
def _add_integers(total, value, weight, BITS: tl.constexpr, MATRIX: tl.constexpr):
    """128 is no int8, so the matrix units add 4 bits in halves."""
    if MATRIX:
        value, low = tl.trans(value), tl.minimum(weight, 64)
        total = tl.dot(low.to(tl.int8), value, acc=total, out_dtype=tl.int32)
        if BITS == 4:
            total = tl.dot((weight - low).to(tl.int8), value, acc=total, out_dtype=tl.int32)
    else:
        total += value.to(tl.int32) * weight
    return total


@triton.jit
def _add_parts(total, value, weight, INTERPRETED: tl.constexpr):
    """The product as three of bfloat16: x is cut, without rounding, into parts of eight bits that add up."""
    value = tl.trans(value)
    finite = tl.abs(value) < float("inf")
    high = tl.where(value == value, _upper_half(value), float("nan"))
    rest = tl.where(finite, value - _upper_half(value), 0.0)
    middle = _upper_half(rest)
    total = _add_part(total, rest - middle, weight, INTERPRETED)
    total = _add_part(total, middle, weight, INTERPRETED)
    return _add_part(total, high, weight, INTERPRETED)


@triton.jit
def _add_part(total, part, weight, INTERPRETED: tl.constexpr):
    part = part.to(tl.bfloat16)
    if INTERPRETED:  # the interpreter would multiply the bits of bfloat16 numbers
        weight, part = weight.to(tl.float32), part.to(tl.float32)
    return tl.dot(weight, part, acc=total, input_precision="ieee")


@triton.jit
def _upper_half(value):
    """The sign, the exponent and the first eight bits of the significand: a bfloat16 number."""
    return (value.to(tl.int32, bitcast=True) & -65536).to(tl.float32, bitcast=True)


@triton.jit
def _store(total, scale, x_scale, bias, y, b, n, batch, rows, INTEGER: tl.constexpr, HAS_BIAS: tl.constexpr):
    result = total.to(tl.float32)
    if INTEGER:
        result *= tl.load(x_scale + b, b < batch, 0.0)[None, :]
    result *= tl.load(scale + n, n < rows, 0.0)[:, None]
    if HAS_BIAS:
        result += tl.load(bias + n, n < rows, 0.0)[:, None]
    tl.store(y + b[None, :] * rows + n[:, None], result, (b < batch)[None, :] & (n < rows)[:, None])
