"""Triton kernel of ``power_of_two_linear``: a weight's float is built from its code's bits, in registers."""

import torch
import triton
import triton.language as tl

from utils.kernels.power_of_two_pack import GROUPS, LANES, PackedPowerOfTwo

# The smallest tile that the matrix units take; fewer activation rows are multiplied and summed directly.
LEAST_TILE = 16
# Rows of activations and rows of weights of one program: below LEAST_TILE rows, and from there on.
FEW, MANY = (1, 8), (64, 64)


def power_of_two_linear_triton(
    x: torch.Tensor, packed: PackedPowerOfTwo, x_scale: torch.Tensor | None, bias: torch.Tensor | None
) -> torch.Tensor:
    """See ``power_of_two_linear``."""
    batch, (rows, columns) = x.shape[0], packed.shape
    y = torch.empty(batch, rows, device=x.device, dtype=torch.float32)
    if y.numel() == 0:
        return y
    x, data = x.contiguous(), packed.data.contiguous()
    scale = packed.scale.expand(rows).contiguous()
    widths = scale if x_scale is None else x_scale.contiguous()
    added = scale if bias is None else bias.contiguous()
    units = batch >= LEAST_TILE
    tile = MANY if units else FEW
    grid = (triton.cdiv(batch, tile[0]), triton.cdiv(rows, tile[1]))
    shape = (batch, rows, columns, data.shape[1])
    constants = (
        packed.bits,
        *GROUPS[packed.bits],
        x_scale is not None,
        bias is not None,
        units,
        *tile,
        LANES,
    )
    _tile_kernel[grid](x, data, scale, widths, added, y, *shape, *constants)
    return y


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
    row_bytes,
    BITS: tl.constexpr,
    SIZE: tl.constexpr,
    CODES: tl.constexpr,
    INTEGER: tl.constexpr,
    HAS_BIAS: tl.constexpr,
    UNITS: tl.constexpr,
    TILE_B: tl.constexpr,
    TILE_N: tl.constexpr,
    LANES: tl.constexpr,
):
    b = tl.program_id(0) * TILE_B + tl.arange(0, TILE_B)
    n = tl.program_id(1) * TILE_N + tl.arange(0, TILE_N)
    lane = tl.arange(0, LANES)
    total = tl.zeros([TILE_B, TILE_N], tl.int32 if INTEGER else tl.float32)
    for start in range(0, row_bytes, LANES * SIZE):
        lanes = tl.minimum((row_bytes - start) // SIZE, LANES)
        inside = (n < rows)[:, None] & (lane < lanes)[None, :]
        at = data + n.to(tl.int64)[:, None] * row_bytes + start + lane[None, :]
        byte_0 = tl.load(at, inside, 0).to(tl.int32)
        byte_1 = tl.load(at + lanes, inside & (SIZE > 1), 0).to(tl.int32)
        byte_2 = tl.load(at + 2 * lanes, inside & (SIZE > 1), 0).to(tl.int32)
        for p in tl.static_range(CODES):
            column = start // SIZE * CODES + p * lanes + lane
            known = (b < batch)[:, None] & ((lane < lanes) & (column < columns))[None, :]
            value = tl.load(x + b.to(tl.int64)[:, None] * columns + column[None, :], known, 0)
            code = _code(byte_0, byte_1, byte_2, p, BITS)
            if INTEGER:
                total = _add_integers(total, value, code, BITS, UNITS)
            else:
                total = _add_floats(total, value, tl.where(inside, _float(code, BITS), 0.0), UNITS)
    _store(total, scale, x_scale, bias, y, b, n, batch, rows, INTEGER, HAS_BIAS)


@triton.jit
def _code(byte_0, byte_1, byte_2, p: tl.constexpr, BITS: tl.constexpr):
    """Code number ``p`` of each lane."""
    if BITS != 3:
        return (byte_0 >> (BITS * p)) & ((1 << BITS) - 1)
    if p == 6:
        return (byte_0 >> 6) | ((byte_2 >> 6) & 1) << 2
    if p == 7:
        return (byte_1 >> 6) | (byte_2 >> 7) << 2
    if p < 2:
        byte = byte_0
    elif p < 4:
        byte = byte_1
    else:
        byte = byte_2
    return (byte >> (3 * (p % 2))) & 7


@triton.jit
def _float(code, BITS: tl.constexpr):
    """The float of sign * 2^exponent: the code's two parts moved to where a float has them."""
    sign, exponent = code >> (BITS - 1), code & ((1 << (BITS - 1)) - 1)
    return ((sign << 31) | ((exponent + 127) << 23)).to(tl.float32, bitcast=True)


@triton.jit
def _add_floats(total, value, weight, UNITS: tl.constexpr):
    if UNITS:
        return tl.dot(value, tl.trans(weight), acc=total, input_precision="ieee")
    return total + tl.sum(value[:, None, :] * weight[None, :, :], axis=2)


@triton.jit
def _add_integers(total, value, code, BITS: tl.constexpr, UNITS: tl.constexpr):
    """Padding needs no mask: its activations are zeros. 128 is no int8, so 4 bits are added in halves."""
    sign, exponent = code >> (BITS - 1), code & ((1 << (BITS - 1)) - 1)
    weight = (1 - 2 * sign) << exponent
    if not UNITS:
        return total + tl.sum(value.to(tl.int32)[:, None, :] * weight[None, :, :], axis=2)
    low = tl.minimum(weight, 64)
    total = tl.dot(value, tl.trans(low.to(tl.int8)), acc=total, out_dtype=tl.int32)
    if BITS == 4:
        total = tl.dot(value, tl.trans((weight - low).to(tl.int8)), acc=total, out_dtype=tl.int32)
    return total


@triton.jit
def _store(total, scale, x_scale, bias, y, b, n, batch, rows, INTEGER: tl.constexpr, HAS_BIAS: tl.constexpr):
    result = total.to(tl.float32)
    if INTEGER:
        result *= tl.load(x_scale + b, b < batch, 0.0)[:, None]
    result *= tl.load(scale + n, n < rows, 0.0)[None, :]
    if HAS_BIAS:
        result += tl.load(bias + n, n < rows, 0.0)[None, :]
    at = b.to(tl.int64)[:, None] * rows + n[None, :]
    tl.store(y + at, result, (b < batch)[:, None] & (n < rows)[None, :])
