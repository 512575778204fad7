"""CPU kernel of ``ternary_linear``, one compiled call: weights stream by, or sums are looked up.

Everything is allocated inside of the call, so any number of threads may run it at once.
"""

from collections.abc import Callable, Iterator
from functools import cache, partial

import numpy as np
import torch
from numba import carray, types

from utils.kernels.cpu import over_rows, pick_instructions
from utils.kernels.jit import njit
from utils.kernels.ternary_base3_cpu import ternary_base3_cpu
from utils.kernels.ternary_pack import TILE_LANES, TILE_ROWS, PackedTernary
from utils.kernels.ternary_parts_cpu import (
    CHUNK,
    COLUMNS,
    OPTIONS,
    copy_chunk,
    gather_words,
    number_bytes,
    pointer,
    put_result,
    row_codes,
    spread_columns,
    total,
)
from utils.kernels.ternary_stream import WIDTHS, tile_dots
from utils.kernels.ternary_tables import HELD, add_sums, build_tables, table_bytes

# Below so many rows of weights making the tables of sums costs more than they save.
WORTH_TABLES = 128
# Tables for so many rows of x, and from how many rows on they beat the stream (both timed at 2048 x 2048). A
# stream that multiplies 64 bytes in an instruction gives up later.
TABLES = {"vnni512": ((32, 26),)}
TABLES_ELSEWHERE = ((16, 13), (32, 22))
# Below so many products a second thread costs more than it brings.
WORTH_A_THREAD = 2**20
SIGNATURE = types.void(*[types.int64] * 11)


def ternary_linear_cpu(
    x: torch.Tensor,
    x_scale: torch.Tensor | None,
    packed: PackedTernary,
    bias: torch.Tensor | None,
    instructions: str | None = None,
) -> torch.Tensor:
    """See ``ternary_linear``. ``instructions`` forces one of ``cpu.instruction_sets()``."""
    if packed.base == "base3":
        return ternary_base3_cpu(x, x_scale, packed, bias, instructions)
    x, packed = x.contiguous(), packed.with_tiles(True)
    batch, (rows, columns) = x.shape[0], packed.shape
    y = torch.empty((batch, rows), dtype=torch.float32, device="cpu")
    held = [tensor if tensor is None else tensor.contiguous() for tensor in (x_scale, packed.data, bias)]
    addresses = [0 if tensor is None else tensor.data_ptr() for tensor in held]
    instructions = pick_instructions(instructions, among=WIDTHS)
    tiles = -(-rows // TILE_ROWS)
    share = -(-tiles // torch.get_num_threads()) or 1
    parallel = rows * columns * batch >= WORTH_A_THREAD
    for kernel, start, count in _plan(batch, rows, instructions):
        x_at, scale_at = x.data_ptr() + start * columns * x.element_size(), addresses[0]
        scale_at += 4 * start if scale_at else 0
        numbers = (x_at, scale_at, *addresses[1:], packed.scale.data_ptr(), y.data_ptr() + 4 * start * rows)
        run = partial(kernel, *numbers, count, rows, columns)
        over_rows(run, tiles, share, parallel)
    return y


def _plan(batch: int, rows: int, instructions: str) -> Iterator[tuple[Callable, int, int]]:
    """Kernels, and the first and number of the rows of x that each takes."""
    tables = TABLES.get(instructions, TABLES_ELSEWHERE) if rows >= WORTH_TABLES else ()
    whole = batch // tables[-1][0] * tables[-1][0] if tables else 0
    if whole:
        yield _many(tables[-1][0]), 0, whole
    if batch > whole:
        rest = batch - whole
        lanes = next((lanes for lanes, least in tables if least <= rest <= lanes), None)
        yield (_many(lanes) if lanes else _few(instructions)), whole, rest


@cache
def _few(instructions: str):
    """Tile by tile of weights, each past all rows of x."""

    @njit(signature_or_function=SIGNATURE, **OPTIONS)
    def run(x, x_scale, data, bias, w_scale, y, batch, rows, columns, first, last):
        width, chunks = (columns + 3) // 4, columns // COLUMNS
        lanes = width - chunks * TILE_LANES
        codes = np.zeros((batch, (chunks + 1) * COLUMNS), np.int8)
        scales, offsets = np.empty(batch, np.float32), np.empty(batch, np.int32)
        for b in range(batch):
            scales[b] = (
                row_codes(x, x_scale, b, columns, codes[b]) * carray(pointer(w_scale), 1, np.float32)[0]
            )
            offsets[b] = total(codes[b])
            spread_columns(codes[b, chunks * COLUMNS :], lanes)
        edge = np.zeros(CHUNK, np.uint8)
        sums, part = np.zeros(TILE_ROWS, np.int32), np.zeros(TILE_ROWS, np.int32)
        for tile in range(first, last):
            count = min(TILE_ROWS, rows - TILE_ROWS * tile)
            start = data + TILE_ROWS * tile * width
            whole = chunks if count == TILE_ROWS else 0
            for b in range(batch):
                at = codes.ctypes.data + b * codes.shape[1]
                tile_dots(instructions, start, at, whole, sums.ctypes.data)
                for chunk in range(whole, chunks + (lanes > 0)):
                    copy_chunk(start, count, chunk, TILE_LANES if chunk < chunks else lanes, edge)
                    tile_dots(instructions, edge.ctypes.data, at + chunk * COLUMNS, 1, part.ctypes.data)
                    for r in range(TILE_ROWS):
                        sums[r] += part[r]
                for r in range(count):
                    row = TILE_ROWS * tile + r
                    put_result(y, b * rows + row, sums[r] - offsets[b], scales[b], bias, row)

    return run


@cache
def _many(lanes: int):
    """So many rows of x at a time, all rows of weights past the sums of some bytes."""
    held = HELD[lanes]
    parts, size = TILE_LANES // held, table_bytes(lanes)

    @njit(signature_or_function=SIGNATURE, **OPTIONS)
    def run(x, x_scale, data, bias, w_scale, y, batch, rows, columns, first, last):
        width, chunks = (columns + 3) // 4, (columns + COLUMNS - 1) // COLUMNS
        begin, count = TILE_ROWS * first, min(rows, TILE_ROWS * last) - TILE_ROWS * first
        side, scales = np.zeros((chunks * COLUMNS, lanes), np.int16), np.zeros(lanes, np.float32)
        words, tables = np.zeros((4, count + TILE_ROWS), np.uint64), np.empty(size, np.uint8)
        sums, totals = np.empty((count, lanes), np.int16), np.empty((count, lanes), np.int32)
        added = np.zeros(count, np.float32)
        if bias:
            added[:] = carray(pointer(bias + 4 * begin), count, np.float32)
        for b in range(0, batch, lanes):
            _side_by_side(x, x_scale, w_scale, b, min(lanes, batch - b), columns, side, scales)
            totals[:] = 0
            for chunk in range(chunks):
                used = min(TILE_LANES, width - chunk * TILE_LANES)
                gather_words(data, width, begin, count, rows, chunk, used, words)
                number_bytes(words.reshape(-1))
                for part in range(parts):
                    column = side.ctypes.data + 2 * lanes * (chunk * COLUMNS + part * held)
                    build_tables(lanes, column, 2 * lanes * TILE_LANES, tables.ctypes.data)
                    at = words.ctypes.data + words.strides[0] * (part * held // 8) + part * held % 8
                    if part == 0:
                        add_sums(lanes, 1, 0, at, count, tables.ctypes.data, sums.ctypes.data, 0)
                    elif part < parts - 1:
                        add_sums(lanes, 0, 0, at, count, tables.ctypes.data, sums.ctypes.data, 0)
                    else:
                        into = totals.ctypes.data
                        add_sums(lanes, 0, 1, at, count, tables.ctypes.data, sums.ctypes.data, into)
            for lane in range(min(lanes, batch - b)):
                out = carray(pointer(y + 4 * ((b + lane) * rows + begin)), count, np.float32)
                for r in range(count):
                    out[r] = np.float32(totals[r, lane]) * scales[lane] + added[r]

    return run


@njit(**OPTIONS)
def _side_by_side(x, x_scale, w_scale, b, count, columns, side, scales):
    """The codes of rows b to b + count of x, column after column; zeros beyond them."""
    codes = np.zeros(side.shape[0], np.int8)
    for lane in range(side.shape[1]):
        codes[:] = 0
        if lane < count:
            scale = carray(pointer(w_scale), 1, np.float32)[0]
            scales[lane] = row_codes(x, x_scale, b + lane, columns, codes) * scale
            if columns % COLUMNS:
                spread_columns(codes[columns // COLUMNS * COLUMNS :], (columns % COLUMNS + 3) // 4)
        for k in range(codes.size):
            side[k, lane] = codes[k]
