"""CPU kernels of ``sparse_linear``: a gathered dot product for one row of x, added columns for many."""

from itertools import pairwise

import numpy as np
import torch

from utils.kernels.cpu import has_features, over_rows
from utils.kernels.jit import njit
from utils.kernels.sparse_formats import (
    LANES,
    STEP_BLOCK,
    BlockWeight,
    CSRWeight,
    NMWeight,
    SparseWeight,
)
from utils.kernels.sparse_simd import add_columns, by_columns, gather_dot, group_dots

# Up to so many rows of x each is gathered by itself; more are laid out column by column.
FEW = 4
# Up to so many rows of x a structured weight is read as it is stored; for more, BLAS takes dense rows.
FEW_NM, FEW_BLOCKS = 16, 2
# Below so many multiply-adds a second thread costs more than it brings.
WORTH_A_THREAD = 2**18
DENSE_TILES = 4  # of sixteen rows: 1 MB at 4096 columns
ROWS = 64  # of a weight for one task when the batch is large


def sparse_linear_cpu(x: torch.Tensor, weight: SparseWeight) -> torch.Tensor:
    """``x W^T``. See ``sparse_linear``."""
    return _PRODUCTS[type(weight)](x, weight)


def csr_input_gradient_cpu(gradient: torch.Tensor, weight: CSRWeight) -> torch.Tensor:
    """``gradient W``: each nonzero adds a column of the gradient to its column of the result."""
    width, (values, columns, starts) = _width(gradient), _arrays(weight)
    g = by_columns(gradient.numpy(), width)
    output = np.zeros((g.shape[0], weight.width, width), g.dtype)
    over_rows(lambda first, last: _scatter(values, columns, starts, g, output, first, last), len(g), 1)
    return _by_rows(output, gradient.shape[0])


def csr_value_gradient_cpu(gradient: torch.Tensor, x: torch.Tensor, weight: CSRWeight) -> torch.Tensor:
    """``gradient^T x`` at the places of the nonzeros only."""
    width, (values, columns, starts) = _width(gradient), _arrays(weight)
    g, x = by_columns(gradient.numpy(), width), by_columns(x.detach().numpy(), width)
    output = np.empty_like(values)
    over_rows(
        lambda first, last: _sample(columns, starts, g, x, output, first, last),
        weight.shape[0],
        _share(weight.shape[0]),
        _worth(gradient, weight),
    )
    return torch.from_numpy(output)


def _csr(x: torch.Tensor, weight: CSRWeight) -> torch.Tensor:
    if x.shape[0] > FEW:
        return _csr_many(x, weight)
    y = x.new_empty(x.shape[0], weight.shape[0])
    arrays = *_arrays(weight), x.detach().numpy(), y.numpy()
    over_rows(
        lambda first, last: _gather_rows(*arrays, first, last),
        weight.shape[0],
        _share(weight.shape[0]),
        _worth(x, weight),
    )
    return y


def _csr_many(x: torch.Tensor, weight: CSRWeight) -> torch.Tensor:
    rows, columns = weight.shape[0], by_columns(x.detach().numpy(), _width(x))
    output = np.zeros((columns.shape[0], rows, columns.shape[2]), columns.dtype)
    arrays = *_arrays(weight), columns, output
    over_rows(lambda first, last: _add_rows(*arrays, first, last), rows, _share(rows), _worth(x, weight))
    return _by_rows(output, x.shape[0])


def _nm(x: torch.Tensor, weight: NMWeight, permute: bool | None = None) -> torch.Tensor:
    """``permute`` forces (or forbids) the AVX-512 instruction."""
    x = x.detach()
    if x.shape[0] > FEW_NM:
        y = _nm_many(x, weight)
        broken = ~x.sum(dim=1).isfinite()  # whose zeros times infinity would spoil outputs
        if broken.any():
            y[broken] = _nm_few(x[broken], weight, permute)
        return y
    return _nm_few(x, weight, permute)


def _nm_few(x: torch.Tensor, weight: NMWeight, permute: bool | None) -> torch.Tensor:
    tiles = weight.values.shape[0]
    if permute is None:
        permute = has_features("avx512f") and x.dtype == torch.float32
    # The last group's sixteen neighbors, and the groups of padded steps, are read but meet zeros only.
    x_ahead = torch.nn.functional.pad(x, (0, LANES * (STEP_BLOCK + 1))).numpy()
    y = x.new_empty(x.shape[0], tiles, LANES)
    values, words = weight.values.detach().contiguous().numpy(), weight.words.contiguous().numpy()
    arrays = values, words, x_ahead, weight.n, weight.m, y.numpy()
    run = _TILES[weight.bits, permute]
    over_rows(lambda first, last: run(*arrays, first, last), tiles, _share(tiles), _worth(x, weight))
    return y.flatten(1)[:, : weight.shape[0]].contiguous()


def _nm_many(x: torch.Tensor, weight: NMWeight) -> torch.Tensor:
    """Some tiles at a time become dense rows, which BLAS multiplies while they are in the cache."""
    values, words = weight.values.detach().contiguous().numpy(), weight.words.contiguous().numpy()
    y = x.new_empty(weight.shape[0], x.shape[0])
    for first in range(0, values.shape[0], DENSE_TILES):
        part = slice(first, first + DENSE_TILES)
        # Rows a power of two apart would fight for the same lines of the cache: a few entries more help.
        dense = x.new_zeros(len(values[part]), LANES, weight.shape[1] + LANES)
        _unpack(values[part], words[part], weight.n, weight.m, weight.bits, weight.steps, dense.numpy())
        rows = dense.flatten(0, 1)[: weight.shape[0] - first * LANES, : weight.shape[1]]
        torch.mm(rows, x.T, out=y[first * LANES : first * LANES + len(rows)])
    return y.T.contiguous()


def _blocks(x: torch.Tensor, weight: BlockWeight) -> torch.Tensor:
    x, values = x.detach(), weight.values.detach().contiguous()
    if x.shape[0] > FEW_BLOCKS:
        return _blocks_many(x, weight, values)
    rows = weight.starts.shape[0] - 1
    y = x.new_empty(x.shape[0], weight.shape[0])
    arrays = values.numpy(), weight.columns.numpy(), weight.starts.numpy(), x.numpy(), y.numpy()
    over_rows(lambda first, last: _block_rows(*arrays, first, last), rows, _share(rows), _worth(x, weight))
    return y


def _blocks_many(x: torch.Tensor, weight: BlockWeight, values: torch.Tensor) -> torch.Tensor:
    """A row of blocks is one dense product with the columns of x that it meets."""
    block, starts = weight.block, weight.starts.tolist()
    parts = x.T.reshape(-1, block, x.shape[0])
    y = x.new_empty(weight.shape[0], x.shape[0])
    for row, (first, last) in enumerate(pairwise(starts)):
        met = parts[weight.columns[first:last].long()].flatten(0, 1)
        torch.mm(values[first:last].flatten(0, 1).T, met, out=y[row * block : (row + 1) * block])
    return y.T.contiguous()


_PRODUCTS = {CSRWeight: _csr, NMWeight: _nm, BlockWeight: _blocks}


def _arrays(weight: CSRWeight) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    values = weight.values.detach().contiguous().numpy()
    return values, weight.columns.contiguous().numpy(), weight.starts.contiguous().numpy()


def _width(x: torch.Tensor) -> int:
    """Rows of x that are multiplied side by side: as few as hold them, at most four AVX-512 registers."""
    return next(width for width in (16, 32, 64) if x.shape[0] <= width or width == 64)


def _share(rows: int) -> int:
    """Rows of one task: enough tasks to balance rows of different lengths."""
    return max(1, min(ROWS * LANES, -(-rows // (4 * torch.get_num_threads()))))


def _worth(x: torch.Tensor, weight: SparseWeight) -> bool:
    return x.shape[0] * weight.values.numel() >= WORTH_A_THREAD


def _by_rows(tiles: np.ndarray, batch: int) -> torch.Tensor:
    """(tiles, N, width) to (B, N)."""
    rows = torch.from_numpy(tiles).transpose(1, 2).flatten(0, 1)
    return rows[:batch].contiguous()


@njit(cache=True, nogil=True)
def _gather_rows(values, columns, starts, x, y, first, last):
    for row in range(first, last):
        for i in range(x.shape[0]):
            y[i, row] = gather_dot(values, columns, x[i], starts[row], starts[row + 1])


@njit(cache=True, nogil=True)
def _add_rows(values, columns, starts, x, output, first, last):
    for tile in range(x.shape[0]):
        for row in range(first, last):
            start, stop, sums = starts[row], starts[row + 1], output[tile, row]
            if x.shape[2] == 16:
                add_columns(16, sums, sums, x[tile], values, columns, start, stop)
            elif x.shape[2] == 32:
                add_columns(32, sums, sums, x[tile], values, columns, start, stop)
            else:
                add_columns(64, sums, sums, x[tile], values, columns, start, stop)


@njit(cache=True, nogil=True, fastmath={"contract"})
def _scatter(values, columns, starts, gradient, output, first, last):
    for tile in range(first, last):
        for row in range(starts.size - 1):
            added = gradient[tile, row]
            for at in range(starts[row], starts[row + 1]):
                into = output[tile, columns[at]]
                for i in range(added.size):
                    into[i] += values[at] * added[i]


@njit(cache=True, nogil=True, fastmath={"contract", "reassoc"})
def _sample(columns, starts, gradient, x, output, first, last):
    for row in range(first, last):
        for at in range(starts[row], starts[row + 1]):
            total = output.dtype.type(0)
            for tile in range(x.shape[0]):
                a, b = gradient[tile, row], x[tile, columns[at]]
                for i in range(a.size):
                    total += a[i] * b[i]
            output[at] = total


@njit(cache=True, nogil=True)
def _unpack(values, words, n, m, bits, steps, dense):
    per_word, mask = 32 // bits, (1 << bits) - 1
    for tile in range(values.shape[0]):
        for step in range(steps):
            word, shift = words[tile, step // per_word], step % per_word * bits
            first, entries = step // n * m, values[tile, step]
            for lane in range(LANES):
                dense[tile, lane, first + ((word[lane] >> shift) & mask)] = entries[lane]


@njit(cache=True, nogil=True, fastmath={"contract"})
def _block_rows(values, columns, starts, x, y, first, last):
    """Within a block, each entry of x adds a column of the block to the outputs."""
    block = values.shape[1]
    for row in range(first, last):
        for i in range(x.shape[0]):
            total = y[i, row * block : (row + 1) * block]
            total[:] = 0
            for at in range(starts[row], starts[row + 1]):
                _block_dots(values[at], x[i, columns[at] * block :], total)


@njit(cache=True, nogil=True, fastmath={"contract"})
def _block_dots(block, x, total):
    """Four columns at a time, so that the sums are loaded and stored once for four."""
    whole = total.size // 4 * 4
    for j in range(0, whole, 4):
        a, b, c, d = block[j], block[j + 1], block[j + 2], block[j + 3]
        for i in range(total.size):
            total[i] += (x[j] * a[i] + x[j + 1] * b[i]) + (x[j + 2] * c[i] + x[j + 3] * d[i])
    for j in range(whole, total.size):
        for i in range(total.size):
            total[i] += x[j] * block[j, i]


def _tiles(bits: int, permute: bool):
    """The loop over tiles of an N:M weight, compiled for a width of positions."""
    way = "permute" if permute else "gather"

    @njit(cache=True, nogil=True)
    def run(values, words, x, n, m, y, first, last):
        for tile in range(first, last):
            for i in range(x.shape[0]):
                group_dots(way, bits, values, words, x[i], n, m, tile, y[i, tile])

    return run


_TILES = {(bits, permute): _tiles(bits, permute) for bits in (1, 2, 4) for permute in (False, True)}
