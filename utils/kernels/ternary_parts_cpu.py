"""Parts of the compiled ternary product: codes of activations, chunks of packed weights, results.

All take addresses, which cost a call less to pass than arrays.
"""

import numpy as np
from numba import carray, types
from numba.extending import intrinsic

from utils.kernels.jit import njit
from utils.kernels.simd import INT64
from utils.kernels.ternary_pack import TILE_LANES, TILE_ROWS

COLUMNS, CHUNK = 4 * TILE_LANES, TILE_ROWS * TILE_LANES  # columns and bytes of a chunk
LOW, PAIRS = np.uint64(0x0F0F0F0F0F0F0F0F), np.uint64(0x0303030303030303)
TWO, THREE, FOUR = np.uint64(2), np.uint64(3), np.uint64(4)
OPTIONS = {"cache": True, "nogil": True, "error_model": "numpy"}


@intrinsic
def pointer(typing, address):
    """An integer as a pointer, for ``carray``."""

    def generate(context, builder, signature, arguments):
        return builder.inttoptr(arguments[0], context.get_value_type(types.voidptr))

    return types.voidptr(types.int64), generate


@intrinsic
def _word(typing, address):
    """The eight bytes at an address, wherever that lies."""

    def generate(context, builder, signature, arguments):
        pointer = builder.inttoptr(arguments[0], INT64.as_pointer())
        return builder.load(pointer, align=1)

    return types.uint64(types.int64), generate


@njit(**OPTIONS)
def row_codes(x, x_scale, b, columns, codes):
    """Write the codes of row b of x, which are given, or are to be made from float32; return their scale."""
    if x_scale:
        codes[:columns] = carray(pointer(x + b * columns), columns, np.int8)
        return carray(pointer(x_scale), b + 1, np.float32)[b]
    values = carray(pointer(x + 4 * b * columns), columns, np.float32)
    scale = _largest(values.view(np.int32)) / np.float32(127)
    if np.isfinite(scale) and scale > 0:
        _quantize(values, scale, codes)
    return scale if np.isfinite(scale) else np.float32(np.nan)


@njit(**OPTIONS)
def _largest(bits):
    """The largest magnitude, by the bits: those of positive floats are ordered as integers are."""
    largest = np.zeros(1, np.int32)
    most = np.int32(0)
    for i in range(bits.size):
        most = max(most, bits[i] & np.int32(0x7FFFFFFF))
    largest[0] = most
    return largest.view(np.float32)[0]


@njit(**OPTIONS)
def _quantize(values, scale, codes):
    for i in range(values.size):
        codes[i] = np.int8(np.rint(values[i] / scale))


@njit(**OPTIONS)
def total(codes):
    """The sum of the codes."""
    total = np.int32(0)
    for i in range(codes.size):
        total = np.int32(total + np.int32(codes[i]))
    return total


@njit(**OPTIONS)
def spread_columns(codes, lanes):
    """The columns of the last, shorter chunk to where a whole chunk has them: plane after plane of 32."""
    for plane in range(3, -1, -1):
        for lane in range(TILE_LANES - 1, -1, -1):
            at = plane * lanes + lane
            codes[plane * TILE_LANES + lane] = codes[at] if lane < lanes else np.int8(0)


@njit(**OPTIONS)
def copy_chunk(start, count, chunk, used, edge):
    """A chunk of a tile that lacks rows or columns, with zeros in their place."""
    packed = carray(pointer(np.int64(start + chunk * count * TILE_LANES)), count * used, np.uint8)
    edge[:] = 0
    for r in range(count):
        edge[r * TILE_LANES : r * TILE_LANES + used] = packed[r * used : (r + 1) * used]


@njit(**OPTIONS)
def gather_words(data, width, begin, count, rows, chunk, used, words):
    """The bytes of a chunk as words of eight: word after word of all rows, so that they are read in order."""
    edge = np.zeros(CHUNK, np.uint8)
    for row in range(0, count, TILE_ROWS):
        side, start = min(TILE_ROWS, rows - begin - row), data + (begin + row) * width
        at = start + chunk * CHUNK
        if side < TILE_ROWS or used < TILE_LANES:
            copy_chunk(start, side, chunk, used, edge)
            at = np.int64(edge.ctypes.data)
        for r in range(TILE_ROWS):
            for part in range(4):
                words[part, row + r] = _word(at + TILE_LANES * r + 8 * part)


@njit(**OPTIONS)
def number_bytes(words):
    """Each of a word's eight bytes, the digits d, e, f, g, as the number d + 3 e + 9 f + 27 g."""
    for i in range(words.size):
        low, high = words[i] & LOW, (words[i] >> FOUR) & LOW
        low -= (low >> TWO) & PAIRS
        high -= (high >> TWO) & PAIRS
        words[i] = low + high + (high << THREE)


@njit(**OPTIONS)
def put_result(y, at, total, scale, bias, row):
    """One result: the exact sum, both scales, the bias."""
    value = np.float32(total) * scale
    if bias:
        value += carray(pointer(bias), row + 1, np.float32)[row]
    carray(pointer(y), at + 1, np.float32)[at] = value
