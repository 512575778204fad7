"""CPU kernel of ``mx_quantize``: exponents and elements are both found from the bits of the floats."""

import numpy as np
import torch

from utils.kernels.cpu import over_rows
from utils.kernels.float_formats import FloatFormat
from utils.kernels.float_round_cpu import SIGN, format_constants, magnitude
from utils.kernels.jit import njit
from utils.kernels.philox_cpu import key_words
from utils.kernels.random_words import fill_words

# Below so many numbers a second thread costs more than it brings.
WORTH_A_THREAD = 2**16
PART = 2048  # columns that are worked on at a time, a multiple of every block up to that size
BIAS, BROKEN = np.int32(127), np.int32(255)


def mx_quantize_cpu(
    x: torch.Tensor, form: FloatFormat, seed: int | None, step: int, block: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """See ``mx_quantize``."""
    rows, columns = x.shape
    codes = torch.empty(x.shape, dtype=torch.uint8, device="cpu")
    exponents = torch.empty(rows, -(-columns // block), dtype=torch.uint8, device="cpu")
    arrays = x.numpy(), x.numpy().view(np.uint32), codes.numpy(), exponents.numpy()
    signs = np.uint32(32 - form.bits)
    numbers = block, format_constants(form), np.int32(form.largest_exponent), signs
    random = seed is not None, key_words(seed or 0, step)
    share = max(1, -(-rows // torch.get_num_threads()))
    over_rows(
        lambda first, last: _rows(*arrays, *numbers, *random, first, last),
        rows,
        share,
        x.numel() >= WORTH_A_THREAD,
    )
    return codes, exponents


@njit(cache=True, nogil=True)
def _rows(x, bits, codes, exponents, block, constants, top, signs, stochastic, key, first, last):
    columns, part = x.shape[1], max(block, PART)
    words, scaled = np.zeros(part, np.uint32), np.empty(part, np.float32)
    factors = np.empty(2, np.int32)
    for row in range(first, last):
        for start in range(0, columns, part):
            end = min(start + part, columns)
            if stochastic:
                fill_words(row * columns + start, key, words[: end - start])
            for begin in range(start, end, block):
                stop = min(begin + block, end)
                exponent = _exponent(bits[row, begin:stop], top)
                exponents[row, begin // block] = exponent
                _factors(exponent, factors)
                _scale(x[row, begin:stop], factors.view(np.float32), scaled[begin - start :])
            out = codes[row, start:end]
            _encode(bits[row, start:end], scaled.view(np.uint32), words, constants, signs, stochastic, out)
            _clear_broken(exponents[row, start // block : -(-end // block)], block, out)


@njit(cache=True, nogil=True)
def _exponent(bits, top):
    """The byte of the shared exponent: the largest exponent field less the format's largest exponent."""
    largest = np.uint32(0)
    for i in range(bits.size):
        largest = max(largest, bits[i] & ~SIGN)
    field = np.int32(largest >> np.uint32(23))
    return BROKEN if field == BROKEN else max(np.int32(field - top), np.int32(0))


@njit(cache=True, nogil=True)
def _factors(exponent, factors):
    """The bits of two floats whose product is the inverse scale, which alone could be subnormal."""
    shift = np.int32(0) if exponent == BROKEN else np.int32(BIAS - exponent)
    half = np.int32(shift >> np.int32(1))
    factors[0] = np.int32(np.int32(half + BIAS) << np.int32(23))
    factors[1] = np.int32(np.int32(np.int32(shift - half) + BIAS) << np.int32(23))


@njit(cache=True, nogil=True)
def _scale(x, factors, scaled):
    for i in range(x.size):
        scaled[i] = x[i] * factors[0] * factors[1]


@njit(cache=True, nogil=True)
def _encode(bits, scaled, words, constants, signs, stochastic, codes):
    for i in range(bits.size):
        code = magnitude(scaled[i] & ~SIGN, words[i], constants, stochastic)
        codes[i] = np.uint8(code | ((bits[i] & SIGN) >> signs))


@njit(cache=True, nogil=True)
def _clear_broken(exponents, block, codes):
    for number in range(exponents.size):
        if exponents[number] == BROKEN:
            codes[number * block : (number + 1) * block] = np.uint8(0)
