"""CPU kernel of ``ternary_linear`` for weights in base 3: whole blocks in vector instructions, then the rest.

Five codes in a byte are a lesson in storage, not a fast form: unpacking takes most of the time.
"""

import numpy as np
import torch

from utils.kernels.cpu import over_rows, pick_instructions
from utils.kernels.jit import njit
from utils.kernels.simd import TILE
from utils.kernels.ternary_base3_simd import TILES
from utils.kernels.ternary_pack import LANES, PER_BYTE, PackedTernary

# Rows of one task: their packed codes (32 KiB at K = 4096) stay in the first-level cache while the batch
# passes over them.
ROW_BLOCK = 32
# Below so many weights a second thread costs more than it brings.
WORTH_A_THREAD = 2**20


def ternary_base3_cpu(
    x: torch.Tensor,
    x_scale: torch.Tensor,
    packed: PackedTernary,
    bias: torch.Tensor | None,
    instructions: str | None = None,
) -> torch.Tensor:
    """See ``ternary_linear_cpu``."""
    batch, (rows, columns) = x.shape[0], packed.shape
    chosen = pick_instructions(instructions, among=TILES)
    blocks = 0 if chosen == "portable" else columns // (LANES * PER_BYTE["base3"])
    x = np.ascontiguousarray(x.numpy())
    data = np.ascontiguousarray(packed.data.numpy())
    sums = np.zeros((batch, rows), np.int32)
    y = torch.empty(batch, rows, dtype=torch.float32, device="cpu")
    offset = x.sum(axis=1, dtype=np.int32)
    scale = (packed.scale * x_scale).numpy()
    added = np.zeros(rows, np.float32) if bias is None else np.ascontiguousarray(bias.detach().numpy())

    def task(first: int, last: int) -> None:
        if blocks:
            TILES[chosen](data, x, blocks, first, last, sums)
        _finish(data, x, blocks, offset, scale, added, first, last, sums, y.numpy())

    parallel = rows * columns * batch >= WORTH_A_THREAD
    over_rows(task, rows, _rows_of_a_task(rows, batch), parallel)
    return y


def _rows_of_a_task(rows: int, batch: int) -> int:
    """One task a thread for a few activation rows, cache-sized blocks for many."""
    share = -(-rows // torch.get_num_threads())
    return max(1, share if batch <= TILE else ROW_BLOCK)


@njit(cache=True, nogil=True)
def _finish(data, x, blocks, offset, scale, bias, first, last, sums, y):
    """The columns after the first ``blocks`` blocks, then both scales and the bias."""
    for b in range(x.shape[0]):
        for r in range(first, last):
            total = sums[b, r] - offset[b]
            if blocks * LANES < data.shape[1]:
                total += _rest(data[r], x[b], blocks)
            y[b, r] = np.float32(total) * scale[b] + bias[r]


@njit(cache=True, nogil=True)
def _rest(row, x, block):
    """Sum of digit * x after the first blocks; digit p is the carry of the p-th multiplication by three."""
    total = np.int32(0)
    for start in range(block * LANES, row.size, LANES):
        packed, power = row[start : start + LANES], np.int32(1)
        for plane in range(5):
            column = 5 * start + plane * packed.size
            total += _plane(packed, x[column : column + packed.size], power)
            power = np.int32(3 * power)
    return total


# Every step below is forced back to int32: Numba widens to int64, and the loop then runs at half the width.
@njit(cache=True, nogil=True)
def _plane(packed, x, power):
    total = np.int32(0)
    for lane in range(x.size):
        value = np.int32(np.int32(packed[lane]) * power) & np.int32(255)
        digit = np.int32(np.int32(np.int32(value) * np.int32(3)) >> np.int32(8))
        total = np.int32(total + np.int32(digit * np.int32(x[lane])))
    return total
