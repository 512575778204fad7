"""Triton kernels of ``sparse_linear``: a program takes a row, sixteen rows or a row of blocks."""

import torch
import triton
import triton.language as tl

from utils.kernels.sparse_formats import LANES, BlockWeight, CSRWeight, NMWeight, SparseWeight

# For one row of x, and for more: nonzeros (or steps) taken at once, rows of x, and how Triton runs them.
CSR = ({"CHUNK": 256, "TILE_B": 1, "num_warps": 2}, {"CHUNK": 16, "TILE_B": 64, "num_warps": 4})
STEPS = {"STEPS": 64, "num_warps": 4}
BLOCKS = ({"TILE_B": 1, "num_warps": 2}, {"TILE_B": 16, "num_warps": 4, "num_stages": 3})
# Up to so many rows of x an N:M weight is read as it is stored; for more, the matrix units take dense rows.
FEW = 16
LEAST_BLOCK, MOST_BLOCK = 16, 64  # side of the smallest block for tl.dot, and of what a program holds of one


def sparse_linear_triton(x: torch.Tensor, weight: SparseWeight) -> torch.Tensor:
    """``x W^T``. See ``sparse_linear``."""
    shape = x.shape[0], weight.shape[0]
    if 0 in shape or weight.values.numel() == 0:
        return x.new_zeros(shape)
    return _PRODUCTS[type(weight)](x.detach(), weight, x.new_empty(shape))


def csr_input_gradient_triton(gradient: torch.Tensor, weight: CSRWeight) -> torch.Tensor:
    """``gradient W``, added up in memory: the order, and so the last bits, may differ from run to run."""
    batch, (rows, columns) = gradient.shape[0], weight.shape
    output = gradient.new_zeros(columns, batch)
    if output.numel() and rows:
        form = CSR[batch > 1]
        arguments = (
            weight.values.detach().contiguous(),
            weight.columns,
            weight.starts,
            gradient.T.contiguous(),
            output,
        )
        _scatter_kernel[(rows, triton.cdiv(batch, form["TILE_B"]))](*arguments, batch, **form)
    return output.T.contiguous()


def csr_value_gradient_triton(gradient: torch.Tensor, x: torch.Tensor, weight: CSRWeight) -> torch.Tensor:
    """``gradient^T x`` at the places of the nonzeros only."""
    batch, output = x.shape[0], torch.zeros_like(weight.values)
    if output.numel() and batch:
        by_column = gradient.T.contiguous(), x.detach().T.contiguous()
        arguments = weight.columns, weight.starts, *by_column, output, batch
        _sample_kernel[(weight.shape[0],)](*arguments, **CSR[batch > 1])
    return output


def _csr(x: torch.Tensor, weight: CSRWeight, y: torch.Tensor) -> torch.Tensor:
    batch, form = x.shape[0], CSR[x.shape[0] > 1]
    arguments = weight.values.detach().contiguous(), weight.columns, weight.starts, x.T.contiguous(), y
    grid = (weight.shape[0], triton.cdiv(batch, form["TILE_B"]))
    _csr_kernel[grid](*arguments, batch, weight.shape[0], **form)
    return y


def _nm(x: torch.Tensor, weight: NMWeight, y: torch.Tensor) -> torch.Tensor:
    batch, (rows, columns) = x.shape[0], weight.shape
    wanted = x.new_ones(batch, dtype=torch.bool)
    if batch > FEW:
        y = x @ weight.to_dense().detach().T
        wanted = ~x.sum(dim=1).isfinite()  # rows whose zeros times infinity would spoil outputs, once more
    tiles, padded, _ = weight.values.shape
    sizes = padded, weight.steps, weight.words.shape[1], rows, columns
    forms = weight.n, weight.m, weight.bits, LANES
    _nm_kernel[(tiles * batch,)](
        x, weight.values.detach().contiguous(), weight.words, wanted, y, batch, *sizes, *forms, **STEPS
    )
    return y


def _blocks(x: torch.Tensor, weight: BlockWeight, y: torch.Tensor) -> torch.Tensor:
    batch, block = x.shape[0], weight.block
    units = batch > 1 and block >= LEAST_BLOCK and block == triton.next_power_of_2(block)
    units = units and x.dtype == torch.float32
    form = BLOCKS[units]
    side = min(MOST_BLOCK, triton.next_power_of_2(block))
    parts, tiles = triton.cdiv(block, side), triton.cdiv(batch, form["TILE_B"])
    stored = weight.values.detach().contiguous(), weight.columns, weight.starts
    sizes = batch, *weight.shape, block, parts
    _block_kernel[(weight.shape[0] // block * parts * tiles,)](x, *stored, y, *sizes, side, units, **form)
    return y


_PRODUCTS = {CSRWeight: _csr, NMWeight: _nm, BlockWeight: _blocks}


@triton.jit
def _csr_kernel(values, columns, starts, x, y, batch, rows, CHUNK: tl.constexpr, TILE_B: tl.constexpr):
    """One row of W and TILE_B columns of x (K, B), CHUNK nonzeros at a time."""
    row = tl.program_id(0).to(tl.int64)
    b = tl.program_id(1) * TILE_B + tl.arange(0, TILE_B)
    stop = tl.load(starts + row + 1)
    total = tl.zeros([CHUNK, TILE_B], values.dtype.element_ty)
    for first in range(tl.load(starts + row), stop, CHUNK):
        at = first + tl.arange(0, CHUNK)
        column = tl.load(columns + at, at < stop, 0).to(tl.int64)
        inside = (at < stop)[:, None] & (b < batch)[None, :]
        entry = tl.load(x + column[:, None] * batch + b[None, :], inside, 0.0)
        total += tl.load(values + at, at < stop, 0.0)[:, None] * entry
    tl.store(y + b.to(tl.int64) * rows + row, tl.sum(total, 0), b < batch)


@triton.jit
def _scatter_kernel(
    values, columns, starts, gradient, output, batch, CHUNK: tl.constexpr, TILE_B: tl.constexpr
):
    """Add value times the gradient's row to the row of the output (K, B) that the column names."""
    row = tl.program_id(0).to(tl.int64)
    b = tl.program_id(1) * TILE_B + tl.arange(0, TILE_B)
    g = tl.load(gradient + row * batch + b, b < batch, 0.0)
    stop = tl.load(starts + row + 1)
    for first in range(tl.load(starts + row), stop, CHUNK):
        at = first + tl.arange(0, CHUNK)
        column = tl.load(columns + at, at < stop, 0).to(tl.int64)
        added = tl.load(values + at, at < stop, 0.0)[:, None] * g[None, :]
        inside = (at < stop)[:, None] & (b < batch)[None, :]
        tl.atomic_add(output + column[:, None] * batch + b[None, :], added, inside)


@triton.jit
def _sample_kernel(columns, starts, gradient, x, output, batch, CHUNK: tl.constexpr, TILE_B: tl.constexpr):
    """Products of the gradient's row with those rows of x (K, B) where the weight stores something."""
    row = tl.program_id(0).to(tl.int64)
    stop = tl.load(starts + row + 1)
    for first in range(tl.load(starts + row), stop, CHUNK):
        at = first + tl.arange(0, CHUNK)
        column = tl.load(columns + at, at < stop, 0).to(tl.int64)
        total = tl.zeros([CHUNK, TILE_B], output.dtype.element_ty)
        for start in range(0, batch, TILE_B):
            b = start + tl.arange(0, TILE_B)
            inside = (at < stop)[:, None] & (b < batch)[None, :]
            entry = tl.load(x + column[:, None] * batch + b[None, :], inside, 0.0)
            total += tl.load(gradient + row * batch + b, b < batch, 0.0)[None, :] * entry
        tl.store(output + at, tl.sum(total, 1), at < stop)


@triton.jit
def _nm_kernel(
    x,
    values,
    words,
    wanted,
    y,
    batch,
    padded,
    steps,
    tile_words,
    rows,
    columns,
    N: tl.constexpr,
    M: tl.constexpr,
    BITS: tl.constexpr,
    LANES: tl.constexpr,
    STEPS: tl.constexpr,
):
    """Sixteen rows of W and one row of x, STEPS stored entries of each at a time."""
    tile, b = tl.program_id(0).to(tl.int64) // batch, tl.program_id(0).to(tl.int64) % batch
    lane = tl.arange(0, LANES)[None, :]
    per_word: tl.constexpr = 32 // BITS
    total = tl.zeros([STEPS, LANES], values.dtype.element_ty)
    asked = tl.load(wanted + b)
    for first in range(0, tl.where(asked, steps, 0), STEPS):
        step = (first + tl.arange(0, STEPS))[:, None]
        inside = (step < steps) & (lane >= 0)
        word = tl.load(words + (tile * tile_words + step // per_word) * LANES + lane, inside, 0)
        position = (word >> ((step % per_word) * BITS)) & ((1 << BITS) - 1)
        entry = tl.load(x + b * columns + step // N * M + position, inside, 0.0)
        total += tl.load(values + (tile * padded + step) * LANES + lane, inside, 0.0) * entry
    row = tile * LANES + tl.arange(0, LANES)
    tl.store(y + b * rows + row, tl.sum(total, 0), (row < rows) & asked)


@triton.jit
def _block_kernel(
    x,
    values,
    columns,
    starts,
    y,
    batch,
    rows,
    width,
    block,
    parts,
    BLOCK: tl.constexpr,
    UNITS: tl.constexpr,
    TILE_B: tl.constexpr,
):
    """BLOCK rows of a row of blocks and TILE_B rows of x, BLOCK columns at a time; all sums are float32."""
    tiles = tl.cdiv(batch, TILE_B)
    b = (tl.program_id(0) % tiles).to(tl.int64) * TILE_B + tl.arange(0, TILE_B)
    piece, lane = tl.program_id(0) // tiles, tl.arange(0, BLOCK)
    i = piece % parts * BLOCK + lane
    row = (piece // parts).to(tl.int64)
    known = (b < batch)[:, None]
    total = tl.zeros([TILE_B, BLOCK], values.dtype.element_ty)
    for at in range(tl.load(starts + row), tl.load(starts + row + 1)):
        column = tl.load(columns + at).to(tl.int64) * block
        for k in range(0, block, BLOCK):
            j = k + lane
            entry = tl.load(x + b[:, None] * width + (column + j)[None, :], known & (j < block)[None, :], 0.0)
            square = (j < block)[:, None] & (i < block)[None, :]
            part = tl.load(values + (at * block + j[:, None]) * block + i[None, :], square, 0.0)
            if UNITS:
                total = tl.dot(entry, part, acc=total, input_precision="ieee", out_dtype=total.dtype)
            else:
                total += tl.sum(entry[:, :, None] * part[None, :, :], 1)
    tl.store(y + b[:, None] * rows + (row * block + i)[None, :], total, known & (i < block)[None, :])
