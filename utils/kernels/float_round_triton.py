"""Triton kernel of ``float_round``: bits are rounded as an integer, random ones made in registers."""

import torch
import triton
import triton.language as tl

from utils.kernels.backends import interprets_triton
from utils.kernels.float_formats import FloatFormat
from utils.kernels.random_words import STREAM
from utils.kernels.random_words_triton import words_of_fours

GROUPS = 256  # of four numbers, for one program
# Formats that every GPU converts to by itself, to nearest; to the smaller floats only some do. Triton's
# interpreter does not round to the nearest bfloat16.
OWN = {"float16": tl.float16} | ({} if interprets_triton() else {"bfloat16": tl.bfloat16})
# Numbers that change from call to call: a kernel specialized to one of them would be compiled again.
COUNTERS = ("seed", "step")


def float_round_triton(x: torch.Tensor, form: FloatFormat, seed: int | None, step: int) -> torch.Tensor:
    """See ``float_round``."""
    y = torch.empty_like(x)
    if x.numel():
        grid = (triton.cdiv(x.numel(), 4 * GROUPS),)
        own = OWN.get(form.name) if seed is None else None
        numbers = (form.least_exponent, form.mantissa_bits, form.largest)
        constants = (own, *numbers, seed is not None, STREAM, GROUPS)
        _round_kernel[grid](x, y, x.numel(), seed or 0, step, *constants)
    return y


@triton.jit(do_not_specialize=COUNTERS)
def _round_kernel(
    x,
    y,
    count,
    seed,
    step,
    OWN: tl.constexpr,
    LEAST_EXPONENT: tl.constexpr,
    MANTISSA_BITS: tl.constexpr,
    LARGEST: tl.constexpr,
    STOCHASTIC: tl.constexpr,
    STREAM: tl.constexpr,
    GROUPS: tl.constexpr,
):
    group = tl.program_id(0).to(tl.int64) * GROUPS + tl.arange(0, GROUPS)
    at = tl.program_id(0).to(tl.int64) * 4 * GROUPS + tl.arange(0, 4 * GROUPS)
    value = tl.load(x + at, at < count, 0.0)
    if OWN is not None:
        size = tl.minimum(tl.abs(value), LARGEST).to(OWN).to(tl.float32)
    else:
        word = tl.zeros([4 * GROUPS], tl.uint32)
        if STOCHASTIC:
            word = words_of_fours(group, seed, step, STREAM)
        code = magnitude(value, word, LEAST_EXPONENT, MANTISSA_BITS, LARGEST, STOCHASTIC)
        size = magnitude_value(code, LEAST_EXPONENT, MANTISSA_BITS)
    tl.store(y + at, tl.where(value != value, value, with_sign(size, value)), at < count)


@triton.jit
def magnitude(
    value,
    word,
    LEAST_EXPONENT: tl.constexpr,
    MANTISSA_BITS: tl.constexpr,
    LARGEST: tl.constexpr,
    STOCHASTIC: tl.constexpr,
):
    """The magnitude code of each float32: bits of its mantissa go, a half or random bits make the carry."""
    largest = tl.full([1], LARGEST, tl.float32).to(tl.int32, bitcast=True)
    size = tl.minimum(value.to(tl.int32, bitcast=True) & 0x7FFFFFFF, largest)
    field = size >> 23
    mantissa = (size & 0x7FFFFF) | tl.where(field > 0, 0x800000, 0)
    exponent = tl.maximum(field, 1) - 127
    wanted = 23 - MANTISSA_BITS + tl.maximum(LEAST_EXPONENT - exponent, 0)
    drop = tl.minimum(wanted, 31).to(tl.uint32)
    mantissa = mantissa.to(tl.uint32) >> tl.minimum(tl.maximum(wanted - 31, 0), 31).to(tl.uint32)
    one = tl.full([1], 1, tl.uint32)
    add = (one << (drop - 1)) - 1 + ((mantissa >> drop) & 1)
    if STOCHASTIC:
        add = word >> (32 - drop)
    whole = ((mantissa + add) >> drop).to(tl.int32)
    return ((tl.maximum(exponent, LEAST_EXPONENT) - LEAST_EXPONENT) << MANTISSA_BITS) + whole


@triton.jit
def magnitude_value(code, LEAST_EXPONENT: tl.constexpr, MANTISSA_BITS: tl.constexpr):
    """The float32 of a magnitude code; the power of two in two factors, since one alone may be subnormal."""
    field = code >> MANTISSA_BITS
    whole = (code & ((1 << MANTISSA_BITS) - 1)) | tl.where(field > 0, 1 << MANTISSA_BITS, 0)
    exponent = tl.maximum(field, 1) - 1 + LEAST_EXPONENT - MANTISSA_BITS
    half = exponent >> 1
    return whole.to(tl.float32) * power_of_two(half) * power_of_two(exponent - half)


@triton.jit
def with_sign(size, value):
    """``size`` with the sign bit of ``value``; a minus would lose that of zeros."""
    sign = value.to(tl.int32, bitcast=True) & -2147483648
    return (size.to(tl.int32, bitcast=True) | sign).to(tl.float32, bitcast=True)


@triton.jit
def power_of_two(exponent):
    """2^exponent for -126 to 127."""
    return ((exponent + 127) << 23).to(tl.float32, bitcast=True)
