"""Triton kernel of ``ternary_linear``: codes are unpacked in registers, sums are exact in int32."""

import torch
import triton
import triton.language as tl

from utils.kernels.ternary_pack import LANES, PER_BYTE, PackedTernary

# The smallest tile that the matrix units take; fewer activation rows are multiplied and summed directly.
LEAST_TILE = 16
# How the kernel is cut and run, summed directly and by the matrix units.
FORMS = {
    False: {"TILE_B": 1, "TILE_N": 8, "num_warps": 4, "num_stages": 3},
    True: {"TILE_B": 64, "TILE_N": 64, "num_warps": 4, "num_stages": 3},
}


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
    units = batch >= LEAST_TILE
    form = FORMS[units]
    grid = (triton.cdiv(batch, form["TILE_B"]), triton.cdiv(rows, form["TILE_N"]))
    shape = (batch, rows, columns, data.shape[1])
    constants = (PER_BYTE[packed.base], bias is not None, units, LANES)
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
    row_bytes,
    PER_BYTE: tl.constexpr,
    HAS_BIAS: tl.constexpr,
    UNITS: tl.constexpr,
    LANES: tl.constexpr,
    TILE_B: tl.constexpr,
    TILE_N: tl.constexpr,
):
    b = tl.program_id(0) * TILE_B + tl.arange(0, TILE_B)
    n = tl.program_id(1) * TILE_N + tl.arange(0, TILE_N)
    lane = tl.arange(0, LANES)
    total = tl.zeros([TILE_B, TILE_N], tl.int32)
    for start in range(0, row_bytes, LANES):
        lanes = tl.minimum(row_bytes - start, LANES)
        inside = (n < rows)[:, None] & (lane < lanes)[None, :]
        at = n.to(tl.int64)[:, None] * row_bytes + start + lane[None, :]
        packed = tl.load(data + at, inside, 0).to(tl.int32)
        for plane in tl.static_range(PER_BYTE):
            column = PER_BYTE * start + plane * lanes + lane
            known = (b < batch)[:, None] & ((lane < lanes) & (column < columns))[None, :]
            value = tl.load(x + b.to(tl.int64)[:, None] * columns + column[None, :], known, 0)
            total = _add_product(total, value, _digit(packed, plane, PER_BYTE), UNITS)
    _store(total, scale, bias, y, b, n, batch, rows, HAS_BIAS)


@triton.jit
def _digit(packed, plane: tl.constexpr, PER_BYTE: tl.constexpr):
    """Code -1, 0, +1 number ``plane`` of each byte."""
    if PER_BYTE == 4:
        digit = (packed >> (2 * plane)) & 3
    else:
        power: tl.constexpr = 3**plane
        digit = (((packed * power) & 255) * 3) >> 8
    return (digit - 1).to(tl.int8)


@triton.jit
def _add_product(total, value, digit, UNITS: tl.constexpr):
    if UNITS:
        return tl.dot(value, tl.trans(digit), acc=total, out_dtype=tl.int32)
    product = value.to(tl.int32)[:, None, :] * digit.to(tl.int32)[None, :, :]
    return total + tl.sum(product, axis=2)


@triton.jit
def _store(total, scale, bias, y, b, n, batch, rows, HAS_BIAS: tl.constexpr):
    result = total.to(tl.float32) * tl.load(scale + b, b < batch, 0.0)[:, None]
    if HAS_BIAS:
        result += tl.load(bias + n, n < rows, 0.0)[None, :]
    at = b.to(tl.int64)[:, None] * rows + n[None, :]
    tl.store(y + at, result, (b < batch)[:, None] & (n < rows)[None, :])
