"""Triton kernel of ``mx_quantize``: a program takes some blocks, in registers from read to write."""

import torch
import triton
import triton.language as tl

from utils.kernels.float_formats import FloatFormat
from utils.kernels.float_round_triton import magnitude, power_of_two
from utils.kernels.random_words import STREAM
from utils.kernels.random_words_triton import words_of, words_of_fours

VALUES = 1024  # of one program
# Numbers that change from call to call: a kernel specialized to one of them would be compiled again.
COUNTERS = ("seed", "step")


def mx_quantize_triton(
    x: torch.Tensor, form: FloatFormat, seed: int | None, step: int, block: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """See ``mx_quantize``."""
    rows, columns = x.shape
    groups = -(-columns // block)
    codes = torch.empty(x.shape, dtype=torch.uint8, device=x.device)
    exponents = torch.empty(rows, groups, dtype=torch.uint8, device=x.device)
    if x.numel() == 0:
        return codes, exponents
    together = max(1, VALUES // block)
    constants = (form.least_exponent, form.mantissa_bits, form.largest, form.largest_exponent, form.bits)
    _block_kernel[(rows, triton.cdiv(groups, together))](
        x,
        codes,
        exponents,
        columns,
        groups,
        seed or 0,
        step,
        *constants,
        seed is not None,
        columns % 4 == 0 and block % 4 == 0,
        STREAM,
        together,
        block,
    )
    return codes, exponents


@triton.jit(do_not_specialize=COUNTERS)
def _block_kernel(
    x,
    codes,
    exponents,
    columns,
    groups,
    seed,
    step,
    LEAST_EXPONENT: tl.constexpr,
    MANTISSA_BITS: tl.constexpr,
    LARGEST: tl.constexpr,
    TOP: tl.constexpr,
    BITS: tl.constexpr,
    STOCHASTIC: tl.constexpr,
    FOURS: tl.constexpr,
    STREAM: tl.constexpr,
    GROUPS: tl.constexpr,
    BLOCK: tl.constexpr,
):
    row = tl.program_id(0).to(tl.int64)
    number = tl.program_id(1) * GROUPS + tl.arange(0, GROUPS)
    column = number[:, None] * BLOCK + tl.arange(0, BLOCK)[None, :]
    at = row * columns + column
    value = tl.load(x + at, column < columns, 0.0)
    bits = value.to(tl.int32, bitcast=True)
    field = tl.max((bits & 0x7FFFFFFF) >> 23, 1)
    broken = field == 255
    exponent = tl.where(broken, 255, tl.maximum(field - TOP, 0))
    tl.store(exponents + row * groups + number, exponent.to(tl.uint8), number < groups)
    shift = tl.where(broken, 0, 127 - exponent)
    half = shift >> 1
    scaled = value * power_of_two(half)[:, None] * power_of_two(shift - half)[:, None]
    word = tl.zeros([GROUPS, BLOCK], tl.uint32)
    if STOCHASTIC and FOURS:
        first = number[:, None] * BLOCK + 4 * tl.arange(0, BLOCK // 4)[None, :]
        word = words_of_fours((row * columns + first) >> 2, seed, step, STREAM)
    elif STOCHASTIC:
        word = words_of(at, seed, step, STREAM)
    code = magnitude(scaled, word, LEAST_EXPONENT, MANTISSA_BITS, LARGEST, STOCHASTIC)
    code = code | tl.where(bits < 0, 1 << (BITS - 1), 0)
    tl.store(codes + at, tl.where(broken[:, None], 0, code).to(tl.uint8), column < columns)
