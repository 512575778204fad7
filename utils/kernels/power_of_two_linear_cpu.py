"""CPU kernel of ``power_of_two_linear``: vector instructions where there are, else plain Numba."""

import numpy as np
import torch

from utils.kernels.cpu import over_rows, pick_instructions
from utils.kernels.jit import njit
from utils.kernels.power_of_two_emit import levels
from utils.kernels.power_of_two_pack import GROUPS, LANES, PackedPowerOfTwo
from utils.kernels.power_of_two_simd import BEYOND, TILES
from utils.kernels.simd import TILE

# Rows of one task: their packed codes stay in the first-level cache while the batch passes over them.
ROW_BLOCK = 32
# Below so many products a second thread costs more than it brings.
WORTH_A_THREAD = 2**20


def power_of_two_linear_cpu(
    x: torch.Tensor,
    packed: PackedPowerOfTwo,
    x_scale: torch.Tensor | None,
    bias: torch.Tensor | None,
    instructions: str | None = None,
) -> torch.Tensor:
    """See ``power_of_two_linear``. ``instructions`` forces "vnni512", "vnni256", "avx2" or "portable"."""
    batch, (rows, columns) = x.shape[0], packed.shape
    chosen = pick_instructions(instructions, among=TILES)
    per = GROUPS[packed.bits][1]
    arranged = _arrange(x, per, words=x_scale is None and chosen != "portable").numpy()
    data = np.ascontiguousarray(packed.data.numpy())
    sums = np.empty((batch, rows), np.float32 if x_scale is None else np.int32)
    full, rest = divmod(columns, LANES * per)
    task = TILES.get(chosen) or (_portable_floats if x_scale is None else _portable_bytes)
    of_code = tuple(levels(packed.bits))

    def run(data: np.ndarray, sums: np.ndarray, parallel: bool = False) -> None:
        def some(first, last):
            task(of_code, data, arranged, full, -(-rest // per), first, last, sums)

        over_rows(some, data.shape[0], _rows_of_a_task(data.shape[0], batch), parallel)

    safe = max(0, rows - -(-BEYOND // max(1, data.shape[1])))
    run(data[:safe], sums, rows * columns * batch >= WORTH_A_THREAD)
    last = np.empty((batch, rows - safe), sums.dtype)
    run(_readable_beyond(data[safe:]), last)
    sums[:, safe:] = last
    raised = max(of_code) if x_scale is not None and chosen != "portable" else 0
    return _scaled(sums, x, packed.scale, x_scale, bias, raised)


def _arrange(x: torch.Tensor, per: int, words: bool) -> torch.Tensor:
    """Put x (B, K) into the order of the packed codes, (B, blocks * per * LANES), zeros for missing lanes.

    With ``words`` the four bytes of a 32-bit word are taken apart: byte 0 of 16 words, then byte 1, ...
    """
    full, rest = divmod(x.shape[1], LANES * per)
    if not rest and not words:
        return x.contiguous()
    out = x.new_zeros(x.shape[0], full + (rest > 0), per, LANES)
    out[:, :full] = x[:, : x.shape[1] - rest].reshape(x.shape[0], full, per, LANES)
    if rest:
        lanes = -(-rest // per)
        last = torch.nn.functional.pad(x[:, x.shape[1] - rest :], (0, per * lanes - rest))
        out[:, full, :, :lanes] = last.reshape(-1 if x.shape[0] else 0, per, lanes)
    if words:
        out = out.unflatten(3, (LANES // 4, 4)).transpose(3, 4)
    return out.flatten(1).contiguous()


def _readable_beyond(data: np.ndarray) -> np.ndarray:
    """A copy of the last rows, after which ``BEYOND`` more bytes may be read."""
    buffer = np.zeros(data.size + BEYOND, np.uint8)
    copy = buffer[: data.size].reshape(data.shape)
    copy[:] = data
    return copy


def _rows_of_a_task(rows: int, batch: int) -> int:
    """One task a thread for a few activation rows, cache-sized blocks for many."""
    share = -(-rows // torch.get_num_threads())
    return max(1, share if batch <= TILE else ROW_BLOCK)


def _scaled(sums, x, scale, x_scale, bias, raised) -> torch.Tensor:
    batch, rows = sums.shape
    widths = np.ones(batch, np.float32) if x_scale is None else np.ascontiguousarray(x_scale.numpy())
    offset = x.sum(dim=1, dtype=torch.int32).numpy() if raised else np.zeros(batch, np.int32)
    added = np.zeros(rows, np.float32) if bias is None else np.ascontiguousarray(bias.numpy())
    y = torch.empty(batch, rows, dtype=torch.float32, device="cpu")
    steps = np.ascontiguousarray(scale.expand(rows).numpy())
    _finish(sums, offset, np.int32(raised), widths, steps, added, y.numpy())
    return y


@njit(cache=True, nogil=True)
def _finish(sums, offset, raised, x_scale, scale, bias, y):
    """Take the raised weights' surplus off, then both scales and the bias."""
    for b in range(y.shape[0]):
        surplus = np.int32(offset[b] * raised)
        for r in range(y.shape[1]):
            total = sums[b, r] if surplus == 0 else np.int32(sums[b, r] - surplus)
            y[b, r] = np.float32(total) * x_scale[b] * scale[r] + bias[r]


@njit(cache=True, nogil=True)
def _portable_floats(levels, data, x, blocks, lanes, first, last, sums):
    """``sums`` with exact weights: a row is decoded once, then multiplied with every row of the batch."""
    weight = np.zeros(x.shape[1], np.float32)
    for r in range(first, last):
        _decode_row(data[r], levels, blocks, lanes, weight)
        for b in range(x.shape[0]):
            sums[b, r] = _dot_floats(x[b], weight)


@njit(cache=True, nogil=True)
def _portable_bytes(levels, data, x, blocks, lanes, first, last, sums):
    """The same for int8."""
    weight = np.zeros(x.shape[1], np.int16)
    for r in range(first, last):
        _decode_row(data[r], levels, blocks, lanes, weight)
        for b in range(x.shape[0]):
            sums[b, r] = _dot_bytes(x[b], weight)


@njit(cache=True, nogil=True)
def _decode_row(data, levels, blocks, lanes, weight):
    table = np.array(levels, np.int16)
    bits = 2 if table.size == 4 else (3 if table.size == 8 else 4)
    size, per = (3, 8) if bits == 3 else (1, 8 // bits)
    for block in range(blocks + (lanes > 0)):
        width, start = LANES if block < blocks else lanes, block * LANES
        for g in range(size):
            at = start * size + g * width
            _decode_bytes(data[at : at + width], bits, table, weight[start * per + g * (8 // bits) * LANES :])
        if bits == 3:
            packed = data[start * size : start * size + size * width].reshape(size, width)
            _decode_upper(packed, table, weight[start * per + 6 * LANES :])


@njit(cache=True, nogil=True)
def _decode_bytes(packed, bits, table, weight):
    """The ``8 // bits`` codes of each byte."""
    for p in range(8 // bits):
        for lane in range(packed.size):
            weight[p * LANES + lane] = table[(packed[lane] >> (bits * p)) & (table.size - 1)]


@njit(cache=True, nogil=True)
def _decode_upper(packed, table, weight):
    """Codes 6 and 7 of the 3-bit form: exponents above bytes 0 and 1, signs above byte 2."""
    for code in range(2):
        for lane in range(packed.shape[1]):
            sign = (packed[2, lane] >> (6 + code)) & 1
            weight[code * LANES + lane] = table[packed[code, lane] >> 6 | sign << 2]


# The sum may be reordered, so that it runs in vector registers; NaN and infinity keep their meaning.
@njit(cache=True, nogil=True, fastmath={"reassoc", "contract"})
def _dot_floats(x, weight):
    total = np.float32(0)
    for k in range(x.size):
        total += x[k] * weight[k]
    return total


@njit(cache=True, nogil=True)
def _dot_bytes(x, weight):
    """Every step is forced back to int32: Numba widens to int64, and the loop runs at half the width."""
    total = np.int32(0)
    for k in range(x.size):
        total = np.int32(total + np.int32(np.int32(x[k]) * np.int32(weight[k])))
    return total
