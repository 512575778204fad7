"""CPU kernel of ``float_round``: the float's bits are rounded as an integer, in vector registers."""

import numpy as np
import torch

from utils.kernels.cpu import over_rows
from utils.kernels.float_formats import FloatFormat
from utils.kernels.jit import njit
from utils.kernels.philox_cpu import key_words
from utils.kernels.random_words import BLOCK, fill_words

# Below so many numbers a second thread costs more than it brings.
WORTH_A_THREAD = 2**16
SIGN, MANTISSA, INFINITY = np.uint32(0x80000000), np.uint32(0x7FFFFF), np.uint32(0x7F800000)


def float_round_cpu(x: torch.Tensor, form: FloatFormat, seed: int | None, step: int) -> torch.Tensor:
    """See ``float_round``."""
    y = torch.empty_like(x)
    bits, out = (tensor.view(-1).numpy().view(np.uint32) for tensor in (x, y))
    least = np.float32(form.least)
    key = key_words(seed or 0, step)
    constants = format_constants(form)
    share = -(-x.numel() // torch.get_num_threads()) or 1
    over_rows(
        lambda first, last: _round(
            bits, out, out.view(np.float32), constants, least, seed is not None, key, first, last
        ),
        x.numel(),
        share,
        x.numel() >= WORTH_A_THREAD,
    )
    return y


def format_constants(form: FloatFormat) -> tuple[np.int32, np.int32, np.uint32]:
    """Smallest exponent, mantissa bits, and the float32 bits of the largest value."""
    largest = np.array(form.largest, np.float32).view(np.uint32)
    return np.int32(form.least_exponent), np.int32(form.mantissa_bits), np.uint32(largest)


@njit(cache=True, nogil=True)
def _round(bits, out, values, constants, least, stochastic, key, first, last):
    """Blocks that stay in the cache: magnitudes as codes, then their floats."""
    words = np.zeros(BLOCK, np.uint32)
    for begin in range(first, last, BLOCK):
        end = min(begin + BLOCK, last)
        if stochastic:
            fill_words(begin, key, words[: end - begin])
        _round_block(bits[begin:end], words, constants, stochastic, out[begin:end])
        if _smallest(bits[begin:end]) < _least_bits(constants):  # else spare the loop with branches
            _small_block(bits[begin:end], words, constants, stochastic, least, values[begin:end])


@njit(cache=True, nogil=True)
def _round_block(bits, words, constants, stochastic, out):
    """Numbers in the normal range: a carry out of the mantissa moves into the exponent, as it should."""
    drop = np.uint32(23 - constants[1])
    one = np.uint32(1)
    for i in range(bits.size):
        size = min(bits[i] & ~SIGN, constants[2])
        nearest = np.uint32((one << np.uint32(drop - one)) - one + ((size >> drop) & one))
        add = words[i] >> np.uint32(np.uint32(32) - drop) if stochastic else nearest
        rounded = np.uint32(np.uint32(np.uint32(size + add) >> drop) << drop)
        out[i] = bits[i] if (bits[i] & ~SIGN) > INFINITY else rounded | (bits[i] & SIGN)


@njit(cache=True, nogil=True)
def _smallest(bits):
    smallest = ~SIGN
    for i in range(bits.size):
        smallest = min(smallest, bits[i] & ~SIGN)
    return smallest


@njit(cache=True, nogil=True)
def _least_bits(constants):
    """The float32 bits of the smallest normal number."""
    return np.uint32(np.uint32(constants[0] + np.int32(127)) << np.uint32(23))


@njit(cache=True, nogil=True)
def _small_block(bits, words, constants, stochastic, least, values):
    """Numbers below the normal range: whole multiples of the smallest one."""
    least_bits = _least_bits(constants)
    for i in range(bits.size):
        size = bits[i] & ~SIGN
        if size < least_bits:
            code = np.float32(magnitude(size, words[i], constants, stochastic)) * least
            values[i] = -code if bits[i] & SIGN else code


@njit(cache=True, nogil=True)
def magnitude(size, word, constants, stochastic):
    """The magnitude code (see ``FloatFormat``) of the float32 with the bits ``size``, at most the largest.

    ``drop`` bits of the 24-bit mantissa go; adding random bits below, or a half, first makes the carry.
    """
    least_exponent, mantissa_bits, largest = constants
    one, zero = np.uint32(1), np.int32(0)
    size = min(size, largest)
    field = np.int32(size >> np.uint32(23))
    mantissa = np.uint32((size & MANTISSA) | (np.uint32(0x800000) if field > 0 else np.uint32(0)))
    exponent = np.int32(max(field, np.int32(1)) - np.int32(127))
    wanted = np.int32(np.int32(23) - mantissa_bits + max(zero, np.int32(least_exponent - exponent)))
    drop = np.uint32(min(wanted, np.int32(31)))
    mantissa = mantissa >> np.uint32(min(max(zero, np.int32(wanted - np.int32(31))), np.int32(31)))
    nearest = np.uint32((one << np.uint32(drop - one)) - one + ((mantissa >> drop) & one))
    add = word >> np.uint32(np.uint32(32) - drop) if stochastic else nearest
    whole = np.uint32(np.uint32(mantissa + add) >> drop)
    above = np.uint32(max(exponent, least_exponent) - least_exponent)
    return np.uint32(np.uint32(above << np.uint32(mantissa_bits)) + whole)
