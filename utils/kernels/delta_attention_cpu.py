"""CPU kernel of ``delta_attention``: scores that touch nonzero deltas only."""

from collections.abc import Callable

import numpy as np
import torch

from utils.kernels.cpu import over_rows
from utils.kernels.delta_pack import PackedDeltas
from utils.kernels.jit import njit
from utils.kernels.sparse_simd import LANES, add_columns, by_columns, gather_dot, transpose

TILE = 64  # queries whose running sums stay in registers: four of AVX-512, eight of AVX (see add_columns)


def delta_scorer_cpu(deltas: PackedDeltas) -> Callable[[torch.Tensor, int, int], torch.Tensor]:
    """See ``delta_scorer_reference``."""
    return lambda queries, head, seen: delta_scores_cpu(queries, deltas, head, seen)


def delta_scores_cpu(queries: torch.Tensor, deltas: PackedDeltas, head: int, tokens: int) -> torch.Tensor:
    """Scores (T, L) of one head for its first L tokens, -inf ahead of a query. See the reference."""
    count = queries.shape[0]
    packed = (
        np.ascontiguousarray(deltas.values.numpy()),
        np.ascontiguousarray(deltas.channels.numpy()),
        np.ascontiguousarray(deltas.starts[head, : tokens + 1].numpy()),
    )
    if count < LANES:
        scores = torch.full((count, tokens), -torch.inf, dtype=torch.float32, device="cpu")
        _few_queries(np.ascontiguousarray(queries.numpy()), *packed, scores.numpy())
        return scores
    columns = by_columns(queries.numpy(), TILE)  # a tile's queries, channel by channel
    tiles = columns.shape[0]
    scores = torch.empty(tiles * TILE, tokens, dtype=torch.float32, device="cpu")
    over_rows(
        lambda first, last: _many_queries(columns, *packed, tokens - count, scores.numpy(), first, last),
        tiles,
        1,
    )
    return scores[:count]


@njit(cache=True, nogil=True)
def _few_queries(queries, values, channels, starts, scores):
    """Decode: one pass over the nonzeros for each query; the running sum is a single number."""
    count, tokens = scores.shape
    for i in range(count):
        query, total = queries[i], np.float32(0)
        for j in range(tokens - count + i + 1):
            total += gather_dot(values, channels, query, starts[j], starts[j + 1])
            scores[i, j] = total


@njit(cache=True, nogil=True)
def _many_queries(columns, values, channels, starts, shift, scores, first, last):
    """Prefill: a nonzero delta is added, times its channel of the queries, to 64 running sums at once."""
    tokens = starts.size - 1
    block = np.empty((TILE, TILE), np.float32)  # keys by queries, turned around when it is full
    for tile in range(first, last):
        query, mine = tile * TILE, columns[tile]
        block[TILE - 1] = 0  # the sums before the first key; later, those of the block before
        seen = min(tokens, query + shift + TILE)
        for start in range(0, seen, TILE):
            stop = min(start + TILE, seen)
            for j in range(start, stop):
                before, sums = block[(j - start - 1) % TILE], block[j - start]
                add_columns(64, before, sums, mine, values, channels, starts[j], starts[j + 1])
            _turn(block, start, stop, shift, scores[query : query + TILE], query)
        scores[query : query + TILE, seen:] = -np.inf


@njit(cache=True, nogil=True)
def _turn(block, start, stop, shift, scores, query):
    """Write a block of keys by queries as rows of scores, -inf for the keys ahead of a query."""
    whole = (stop - start) // LANES * LANES
    for i in range(0, TILE, LANES):
        for j in range(0, whole, LANES):
            transpose(
                block[j : j + LANES, i : i + LANES], scores[i : i + LANES, start + j : start + j + LANES]
            )
    for i in range(TILE):
        row = scores[i, start:stop]
        for j in range(whole, stop - start):
            row[j] = block[j, i]
        row[max(0, query + i + shift + 1 - start) :] = -np.inf
