"""Triton kernel of ``group_quantize``: a program takes some groups, in registers from read to write."""

import torch
import triton
import triton.language as tl

from utils.kernels.group_formats import limits, scales
from utils.kernels.random_words import STREAM
from utils.kernels.random_words_triton import words_of, words_of_fours

# Values of one program, and the largest group that one program holds.
VALUES, LARGEST_GROUP = 1024, 16384
# Numbers that change from call to call: a kernel specialized to one of them would be compiled again.
COUNTERS = ("seed", "step")


def group_quantize_triton(x, group, bits, symmetric, seed, step):
    """See ``group_quantize``; x (N, K) contiguous. The extremes of larger groups are left to PyTorch."""
    rows, columns = x.shape
    first_code, last_code, dtype = limits(bits, symmetric)
    codes = torch.empty(x.shape, dtype=dtype, device=x.device)
    groups = -(-columns // group)
    scale = torch.empty(rows, groups, device=x.device, dtype=torch.float32)
    zero = torch.zeros(rows, groups, dtype=torch.uint8, device=x.device)
    if x.numel() == 0:
        return codes, scale, zero
    given = group > LARGEST_GROUP
    if given:
        scale, zero = _scales(x.float(), group, bits, symmetric)
    part = VALUES if given else group
    block = triton.next_power_of_2(part)
    together = 1 if given else max(1, VALUES // block)
    parts = triton.cdiv(groups, together), triton.cdiv(group, part)
    sizes = (columns, group, groups, part, *parts)
    fours = columns % 4 == 0 and group % 4 == 0
    constants = (first_code, last_code, given, seed is not None, fours, STREAM, together, block)
    _group_kernel[(rows * parts[0] * parts[1],)](
        x, codes, scale, zero, *sizes, seed or 0, step, *constants, num_warps=_warps(together * block)
    )
    return codes, scale, zero


def _warps(values: int) -> int:
    """So many that a thread has about 8 values, in large groups up to 32."""
    return min(16, max(4, values // 256))


def _scales(x, group, bits, symmetric):
    """The same formula in PyTorch, for groups beyond a program's registers."""
    missing = -x.shape[1] % group
    blocks = (torch.nn.functional.pad(x, (0, missing)) if missing else x).reshape(x.shape[0], -1, group)
    smallest, largest = blocks.aminmax(dim=2)
    scale, zero = scales(largest, smallest, bits, symmetric)
    return scale, zero.to(torch.uint8)


@triton.jit(do_not_specialize=COUNTERS)
def _group_kernel(
    x,
    codes,
    scale,
    zero,
    columns,
    group,
    groups,
    part,
    parts_of_row,
    parts_of_group,
    seed,
    step,
    FIRST: tl.constexpr,
    LAST: tl.constexpr,
    GIVEN: tl.constexpr,
    STOCHASTIC: tl.constexpr,
    FOURS: tl.constexpr,
    STREAM: tl.constexpr,
    GROUPS: tl.constexpr,
    BLOCK: tl.constexpr,
):
    programs = tl.program_id(0).to(tl.int64) // parts_of_group
    row = programs // parts_of_row
    number = programs % parts_of_row * GROUPS + tl.arange(0, GROUPS)
    first = tl.program_id(0) % parts_of_group * part
    place = first + tl.arange(0, BLOCK)
    column = number[:, None] * group + place[None, :]
    inside = ((tl.arange(0, BLOCK) < part) & (place < group))[None, :] & (column < columns)
    value = tl.load(x + row * columns + column, inside, 0.0).to(tl.float32)
    at = row * groups + number
    if GIVEN:
        width = tl.load(scale + at, number < groups, 0.0)
        offset = tl.load(zero + at, number < groups, 0).to(tl.float32)
    else:
        width, offset = _scale(value, FIRST, LAST)
        tl.store(scale + at, width, number < groups)
        tl.store(zero + at, offset.to(tl.uint8), number < groups)
    usable = (width > 0)[:, None]
    steps = tl.where(usable, tl.div_rn(value, tl.where(usable, width[:, None], 1.0)), 0.0)
    whole = _nearest(steps)
    if STOCHASTIC:
        if FOURS:
            four = number[:, None] * group + (first + 4 * tl.arange(0, BLOCK // 4))[None, :]
            word = words_of_fours((row * columns + four) >> 2, seed, step, STREAM)
        else:
            word = words_of(row * columns + column, seed, step, STREAM)
        floor = tl.floor(steps)
        fraction = (word >> 8).to(tl.float32) * 5.9604644775390625e-08
        whole = floor + tl.where(fraction < steps - floor, 1.0, 0.0)
    code = tl.minimum(tl.maximum(whole + offset[:, None], FIRST), LAST)
    tl.store(codes + row * columns + column, code.to(tl.int32).to(codes.dtype.element_ty), inside)


@triton.jit
def _scale(value, FIRST: tl.constexpr, LAST: tl.constexpr):
    """Scale and zero point of each group (see ``group_quantize.scales``), NaN and 0 unless all is finite."""
    broken = tl.max(tl.where(tl.abs(value) < float("inf"), 0, 1), 1) > 0
    low, high = tl.minimum(tl.min(value, 1), 0.0), tl.maximum(tl.max(value, 1), 0.0)
    last = tl.zeros_like(low) + LAST
    if FIRST < 0:
        width = tl.div_rn(tl.maximum(high, -low), last)
        offset = tl.zeros_like(low)
    else:
        width = tl.div_rn(high, last) - tl.div_rn(low, last)
        offset = _nearest(tl.where(width > 0, tl.div_rn(-low, tl.where(width > 0, width, 1.0)), 0.0))
        offset = tl.minimum(tl.maximum(offset, 0.0), LAST)
    return tl.where(broken, float("nan"), width), tl.where(broken, 0.0, offset)


@triton.jit
def _nearest(value):
    """To the nearest integer, halves to even, of magnitudes below 2^22: no bits are left for a fraction."""
    return (value + 12582912.0) - 12582912.0
