"""CPU kernel of ``group_quantize``: a group stays in the cache between its extremes and its codes."""

import numpy as np
import torch

from utils.kernels.cpu import over_rows
from utils.kernels.group_formats import limits
from utils.kernels.jit import njit
from utils.kernels.philox_cpu import key_words
from utils.kernels.random_words import BLOCK, fill_words

# Below so many values a second thread costs more than it brings.
WORTH_A_THREAD = 2**17
INFINITY, MAGNITUDE = np.int32(0x7F800000), np.int32(0x7FFFFFFF)


def group_quantize_cpu(x, group, bits, symmetric, seed, step):
    """See ``group_quantize``; x (N, K) contiguous."""
    rows, columns = x.shape
    first_code, last_code, dtype = limits(bits, symmetric)
    codes = torch.empty(x.shape, dtype=dtype, device="cpu")
    scale = torch.empty(rows, -(-columns // group), dtype=torch.float32, device="cpu")
    zero = torch.zeros(scale.shape, dtype=torch.uint8, device="cpu")
    values = x.float().numpy()
    arrays = values, values.view(np.int32), codes.numpy(), scale.numpy(), zero.numpy()
    numbers = (
        group,
        np.float32(first_code),
        np.float32(last_code),
        seed is not None,
        key_words(seed or 0, step),
    )
    share = max(1, -(-rows // torch.get_num_threads()))
    over_rows(
        lambda first, last: _rows(*arrays, *numbers, first, last), rows, share, x.numel() >= WORTH_A_THREAD
    )
    return codes, scale, zero


@njit(cache=True, nogil=True)
def _rows(x, bits, codes, scale, zero, group, first_code, last_code, stochastic, key, first, last):
    words, ends, columns = np.zeros(BLOCK, np.uint32), np.empty(2, np.float32), x.shape[1]
    for row in range(first, last):
        for number in range(scale.shape[1]):
            start = number * group
            end = min(start + group, columns)
            finite = _extremes(bits[row, start:end], ends.view(np.int32))
            step, offset = _scale(ends[0], ends[1], first_code, last_code)
            scale[row, number] = step if finite else np.float32(np.nan)
            zero[row, number] = np.uint8(offset) if finite else np.uint8(0)
            step = step if finite else np.float32(0)
            offset = offset if finite else np.float32(0)
            for begin in range(start, end, BLOCK):
                stop = min(begin + BLOCK, end)
                part, out = x[row, begin:stop], codes[row, begin:stop]
                if stochastic:
                    fill_words(row * columns + begin, key, words[: stop - begin])
                    _stochastic(part, words, step, offset, first_code, last_code, out)
                else:
                    _nearest(part, step, offset, first_code, last_code, out)


@njit(cache=True, nogil=True)
def _extremes(bits, ends):
    """The smallest and the largest value, 0 included, into ``ends``; whether all values are finite.

    Integers, because only their minima are found in vector registers: with the magnitude of negative floats
    turned around, floats are ordered as their bits are; infinity and NaN stand outside of all numbers.
    """
    low, high = np.int32(0), np.int32(0)
    for i in range(bits.size):
        ordered = np.int32(bits[i] ^ ((bits[i] >> np.int32(31)) & MAGNITUDE))
        low, high = min(low, ordered), max(high, ordered)
    ends[0], ends[1] = low ^ ((low >> np.int32(31)) & MAGNITUDE), high
    return high < INFINITY and low > ~INFINITY


@njit(cache=True, nogil=True, error_model="numpy")
def _scale(low, high, first_code, last_code):
    """See ``group_quantize.scales``."""
    if first_code < 0:
        return max(high, -low) / last_code, np.float32(0)
    step = high / last_code - low / last_code
    zero = np.rint(-low / step) if step > 0 else np.float32(0)
    return step, min(max(zero, np.float32(0)), last_code)


@njit(cache=True, nogil=True, error_model="numpy")
def _nearest(x, step, zero, first_code, last_code, codes):
    for i in range(x.size):
        steps = x[i] / step if step > 0 else np.float32(0)
        codes[i] = np.int32(min(max(np.rint(steps) + zero, first_code), last_code))


@njit(cache=True, nogil=True, error_model="numpy")
def _stochastic(x, words, step, zero, first_code, last_code, codes):
    for i in range(x.size):
        steps = x[i] / step if step > 0 else np.float32(0)
        whole = np.floor(steps)
        below = np.float32(np.int32(words[i] >> np.uint32(8))) * np.float32(2**-24) < steps - whole
        value = whole + (np.float32(1) if below else np.float32(0)) + zero
        codes[i] = np.int32(min(max(value, first_code), last_code))
