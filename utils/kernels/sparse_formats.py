"""Sparse weight matrices in memory: unstructured (CSR), N of M, and blocks (Sparseland, chapter 14)."""

from dataclasses import dataclass, replace
from typing import Self

import torch

from utils.errors import FrugalError
from utils.kernels import checks
from utils.kernels.stored import Stored

SMALL = 2**16  # columns whose numbers fit in two bytes
LANES = 16  # rows of an N:M weight that lie side by side
MOST_GROUP = 16  # entries of a group: a position takes at most four bits
STEP_BLOCK = 4  # an N:M tile is padded to whole blocks of steps


class SparseWeight(Stored):
    """What the formats share: a matrix (N, K) of which only some entries are stored."""

    def to_dense(self) -> torch.Tensor:
        """The dense matrix (N, K); differentiable in the stored values."""
        rows, columns, values = self.entries()
        return values.new_zeros(self.shape).index_put((rows, columns), values)

    def mask(self) -> torch.Tensor:
        """Which entries are stored, bool (N, K)."""
        rows, columns, _ = self.entries()
        return torch.zeros(self.shape, dtype=torch.bool, device=rows.device).index_put(
            (rows, columns), torch.ones_like(rows, dtype=torch.bool)
        )

    def with_values(self, values: torch.Tensor) -> Self:
        """The same positions with other values, for example a parameter that is trained.

        Raises
        ------
        FrugalError
            for values of another shape.
        """
        checks.shape("values", values, *self.values.shape)
        return replace(self, values=values)


@dataclass(frozen=True)
class CSRWeight(SparseWeight):
    """Nonzeros row by row, in any pattern.

    Attributes
    ----------
    values : float32 or float64 tensor (nonzeros,)
    columns : tensor (nonzeros,), ascending within a row; uint16 up to K = 65,536, else int32
    starts : int64 tensor (N + 1,), where each row's nonzeros begin; the last entry is their end
    width : K
    """

    values: torch.Tensor
    columns: torch.Tensor
    starts: torch.Tensor
    width: int

    def __post_init__(self):
        checks.dimensions("starts", self.starts, 1)
        checks.dimensions("columns", self.columns, 1)
        checks.shape("values", self.values, self.columns.shape[0])

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the weight."""
        return self.starts.shape[0] - 1, self.width

    def entries(self) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Rows and columns (int64) and values of what is stored."""
        rows = torch.arange(self.shape[0], device=self.starts.device, dtype=torch.int64)
        return torch.repeat_interleave(rows, self.starts.diff()), self.columns.long(), self.values


@dataclass(frozen=True)
class NMWeight(SparseWeight):
    """Exactly ``n`` stored entries in every group of ``m`` neighboring columns.

    Sixteen rows lie side by side, so that one vector holds the same step of sixteen rows: step
    ``n * group + i`` is the i-th entry of that group. The rows and steps at the end are padded with zeros.

    Attributes
    ----------
    values : float32 or float64 tensor (tiles of 16 rows, padded steps, 16)
    words : int32 tensor (tiles, ceil(padded steps / positions a word), 16), each word the positions within
        their groups of consecutive steps, lowest bits first, of 1 (m = 2), 2 (m <= 4) or 4 bits
    shape : (N, K); n, m : entries kept, of how many
    """

    values: torch.Tensor
    words: torch.Tensor
    shape: tuple[int, int]
    n: int
    m: int

    def __post_init__(self):
        tiles, steps = -(-self.shape[0] // LANES), -(-self.steps // STEP_BLOCK) * STEP_BLOCK
        checks.shape("values", self.values, tiles, steps, LANES)
        checks.shape("words", self.words, tiles, -(-steps * self.bits // 32), LANES)

    @property
    def bits(self) -> int:
        """Bits of a stored position."""
        return position_bits(self.m)

    @property
    def steps(self) -> int:
        """Stored entries of a row."""
        return self.shape[1] // self.m * self.n

    def entries(self) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Rows and columns (int64) and values of what is stored, filling zeros among it."""
        rows, device = self.shape[0], self.values.device
        shifts = torch.arange(0, 32, self.bits, device=device, dtype=torch.int64)
        positions = (self.words.long()[:, :, None] >> shifts[:, None]) & (2**self.bits - 1)
        first = torch.arange(self.steps, device=device, dtype=torch.int64) // self.n * self.m
        columns = first + self._by_rows(positions.flatten(1, 2))
        row = torch.arange(rows, device=device, dtype=torch.int64)[:, None].expand_as(columns)
        return row.flatten(), columns.flatten(), self._by_rows(self.values).flatten()

    def _by_rows(self, tiles: torch.Tensor) -> torch.Tensor:
        return tiles[:, : self.steps].transpose(1, 2).flatten(0, 1)[: self.shape[0]]


@dataclass(frozen=True)
class BlockWeight(SparseWeight):
    """Square blocks, stored whole or not at all.

    Attributes
    ----------
    values : float32 or float64 tensor (blocks, b, b), each block transposed: (columns, rows)
    columns : int32 tensor (blocks,), the block's place in its row of blocks, ascending
    starts : int64 tensor (N / b + 1,), where each row of blocks begins
    shape : (N, K)
    """

    values: torch.Tensor
    columns: torch.Tensor
    starts: torch.Tensor
    shape: tuple[int, int]

    def __post_init__(self):
        checks.dimensions("values", self.values, 3)
        checks.shape("values", self.values, self.columns.shape[0], self.block, self.block)
        checks.shape("starts", self.starts, self.shape[0] // max(self.block, 1) + 1)

    @property
    def block(self) -> int:
        """Side of a block."""
        return self.values.shape[1]

    def entries(self) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Rows and columns (int64) and values of what is stored, zeros inside of blocks among it."""
        inner = torch.arange(self.block, device=self.values.device, dtype=torch.int64)
        place = torch.arange(self.starts.shape[0] - 1, device=self.values.device, dtype=torch.int64)
        place = torch.repeat_interleave(place, self.starts.diff())
        rows = (place[:, None, None] * self.block + inner).expand(self.values.shape)
        columns = (self.columns.long()[:, None, None] * self.block + inner[:, None]).expand_as(rows)
        return rows.flatten(), columns.flatten(), self.values.flatten()


def to_csr(weight: torch.Tensor, mask: torch.Tensor | None = None) -> CSRWeight:
    """Store the nonzeros of a dense matrix, or its entries under a mask, zeros among them.

    Parameters
    ----------
    weight : float32 or float64 tensor (N, K); NaN and infinity count as nonzeros
    mask : bool tensor (N, K), for training: a weight that grew just now is zero and must be stored

    Raises
    ------
    FrugalError
        for another shape or dtype.
    """
    mask = _mask(weight, mask)
    rows, columns = mask.nonzero(as_tuple=True)
    starts = torch.cat([rows.new_zeros(1), mask.sum(dim=1).cumsum(0)])
    columns = columns.to(torch.uint16 if weight.shape[1] <= SMALL else torch.int32)
    return CSRWeight(weight.detach()[mask], columns, starts, weight.shape[1])


def to_nm(weight: torch.Tensor, n: int, m: int, mask: torch.Tensor | None = None) -> NMWeight:
    """Store n entries of each m; a group with fewer nonzeros is filled with zeros at its first free places.

    Parameters
    ----------
    weight : float32 or float64 tensor (N, K), K a multiple of m
    n, m : 1 <= n <= m <= 16, m at least 2; 2 and 4 is the form that sparse tensor cores take
    mask : bool tensor (N, K) of the entries to keep; without it the nonzeros

    Raises
    ------
    FrugalError
        for another shape or dtype, numbers out of range, or more than n entries in a group.
    """
    mask = _mask(weight, mask)
    _check_group(n, m)
    rows, columns = weight.shape
    _divides("K", columns, m)
    groups = mask.reshape(rows, columns // m, m)
    most = int(groups.sum(dim=2).max()) if groups.numel() else 0
    if most > n:
        raise FrugalError(f"a group of {m} columns has {most} nonzeros; prune the weight to {n}:{m} first.")
    kept = groups.byte().argsort(dim=2, descending=True, stable=True)[:, :, :n].sort(dim=2).values
    values = torch.where(groups, weight.detach().reshape_as(groups), 0).gather(2, kept)
    values, positions = (_tile(part.reshape(rows, columns // m * n)) for part in (values, kept))
    return NMWeight(values, _pack(positions, position_bits(m)), (rows, columns), n, m)


def to_blocks(weight: torch.Tensor, block: int, mask: torch.Tensor | None = None) -> BlockWeight:
    """Store the square blocks that hold a nonzero, or an entry under the mask.

    Parameters
    ----------
    weight : float32 or float64 tensor (N, K), N and K multiples of ``block``
    block : side of a block, at least 1
    mask : bool tensor (N, K); a block with any True is stored whole, what the mask leaves out as zero

    Raises
    ------
    FrugalError
        for another shape or dtype.
    """
    mask = _mask(weight, mask)
    checks.integer("block", block, 1, "it is the side of a square")
    rows, columns = weight.shape
    _divides("N", rows, block)
    _divides("K", columns, block)
    parts = (rows // block, block, columns // block, block)
    kept = mask.reshape(parts).any(dim=3).any(dim=1)
    blocks = torch.where(mask, weight.detach(), 0).reshape(parts).permute(0, 2, 3, 1)[kept]
    starts = torch.cat([weight.new_zeros(1, dtype=torch.int64), kept.sum(dim=1).cumsum(0)])
    place = kept.nonzero()[:, 1].to(torch.int32)
    return BlockWeight(blocks.contiguous(), place, starts, (rows, columns))


def nm_mask(weight: torch.Tensor, n: int, m: int) -> torch.Tensor:
    """Mask (N, K) of the n largest magnitudes in each group of m neighboring columns, for ``to_nm``.

    Of equal magnitudes the first is kept, so exactly n entries of a group are True.

    Raises
    ------
    FrugalError
        as ``to_nm``.
    """
    _mask(weight, None)
    _check_group(n, m)
    _divides("K", weight.shape[1], m)
    groups = weight.detach().abs().reshape(weight.shape[0], weight.shape[1] // m, m)
    best = groups.argsort(dim=2, descending=True, stable=True)[:, :, :n]
    mask = torch.zeros(groups.shape, dtype=torch.bool, device=weight.device)
    return mask.scatter(2, best, True).reshape(weight.shape)


def position_bits(m: int) -> int:
    """Bits that hold a position within a group of m, such that a word of 32 is filled."""
    return 1 if m == 2 else 2 if m <= 4 else 4


def _mask(weight: torch.Tensor, mask: torch.Tensor | None) -> torch.Tensor:
    checks.dimensions("weight", weight, 2)
    checks.dtype("weight", weight, *checks.FROM_FLOAT32)
    if mask is None:
        return weight != 0
    checks.dtype("mask", mask, torch.bool)
    checks.shape("mask", mask, *weight.shape)
    return mask


def _check_group(n: int, m: int) -> None:
    checks.integer("m", m, 2, "a position within a group takes one to four bits", most=MOST_GROUP)
    checks.integer("n", n, 1, "a group keeps at least one entry and not more than it has", most=m)


def _divides(name: str, size: int, part: int) -> None:
    if size % part:
        raise FrugalError(f"{name} is {size}, not a multiple of {part}; pad the weight with zeros.")


def _tile(entries: torch.Tensor) -> torch.Tensor:
    """(N, steps) to (tiles, padded steps, 16), zeros at both ends."""
    rows, steps = entries.shape
    tiles, blocks = -(-rows // LANES), -(-steps // STEP_BLOCK)
    padded = entries.new_zeros(tiles * LANES, blocks * STEP_BLOCK)
    padded[:rows, :steps] = entries
    return padded.reshape(tiles, LANES, blocks * STEP_BLOCK).transpose(1, 2).contiguous()


def _pack(positions: torch.Tensor, bits: int) -> torch.Tensor:
    """Positions (tiles, steps, 16) to int32 words, the first step in the lowest bits."""
    tiles, steps, lanes = positions.shape
    per_word = 32 // bits
    padded = positions.new_zeros(tiles, -(-steps // per_word) * per_word, lanes)
    padded[:, :steps] = positions
    shifts = torch.arange(0, 32, bits, device=positions.device, dtype=torch.int64)[:, None]
    words = (padded.unflatten(1, (-1, per_word)) << shifts).sum(dim=2)
    return torch.where(words >= 2**31, words - 2**32, words).to(torch.int32)
