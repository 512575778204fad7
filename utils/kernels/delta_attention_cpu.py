"""CPU kernels of chapter 19: the delta scan, and scores that touch nonzero deltas only."""

import numpy as np
import torch
from numba import njit

from utils.kernels.cpu import over_rows
from utils.kernels.delta_keys import PackedDeltas
from utils.kernels.sparse_simd import LANES, add_columns, by_columns

TILE = 64  # queries whose running sums stay in registers: four of AVX-512, eight of AVX (see add_columns)


def delta_keys_cpu(keys: torch.Tensor, threshold: float) -> torch.Tensor:
    """See ``delta_keys``."""
    deltas = torch.zeros_like(keys)
    arrays = keys.numpy(), np.float32(threshold), deltas.numpy()
    heads = keys.shape[0] if keys.shape[1] else 0
    over_rows(lambda first, last: _scan(*arrays, first, last), heads, 1)
    return deltas


def delta_scores_cpu(queries: torch.Tensor, deltas: PackedDeltas, head: int) -> torch.Tensor:
    """Scores (T, L) of one head, -inf ahead of a query. See ``delta_scores_reference``."""
    count, tokens = queries.shape[0], deltas.shape[1]
    packed = (
        deltas.values.numpy(),
        deltas.channels.numpy(),
        np.ascontiguousarray(deltas.starts[head].numpy()),
    )
    if count < LANES:
        scores = torch.full((count, tokens), -torch.inf)
        _few_queries(np.ascontiguousarray(queries.numpy()), *packed, scores.numpy())
        return scores
    columns = by_columns(queries.numpy(), TILE)  # a tile's queries, channel by channel
    tiles = columns.shape[0]
    scores = torch.full((tiles * TILE, tokens), -torch.inf)
    over_rows(
        lambda first, last: _many_queries(columns, *packed, tokens - count, scores.numpy(), first, last),
        tiles,
        1,
    )
    return scores[:count]


@njit(cache=True, nogil=True)
def _scan(keys, threshold, deltas, first, last):
    for head in range(first, last):
        sent = keys[head, 0].copy()
        deltas[head, 0] = sent
        for token in range(1, keys.shape[1]):
            _scan_token(keys[head, token], sent, threshold, deltas[head, token])


@njit(cache=True, nogil=True)
def _scan_token(key, sent, threshold, delta):
    for channel in range(key.size):
        change = key[channel] - sent[channel]
        change = change if abs(change) > threshold else np.float32(0)
        delta[channel] = change
        sent[channel] += change


@njit(cache=True, nogil=True)
def _few_queries(queries, values, channels, starts, scores):
    """Decode: one pass over the nonzeros for each query; the running sum is a single number."""
    count, tokens = scores.shape
    for i in range(count):
        query, total = queries[i], np.float32(0)
        for j in range(tokens - count + i + 1):
            for at in range(starts[j], starts[j + 1]):
                total += values[at] * query[channels[at]]
            scores[i, j] = total


@njit(cache=True, nogil=True)
def _many_queries(columns, values, channels, starts, shift, scores, first, last):
    """Prefill: a nonzero delta is added, times its channel of the queries, to 64 running sums at once."""
    tokens = starts.size - 1
    block = np.empty((TILE, TILE), np.float32)  # keys by queries, turned around when it is full
    for tile in range(first, last):
        sums, query = np.zeros(TILE, np.float32), tile * TILE
        seen = min(tokens, query + shift + TILE)
        for start in range(0, seen, TILE):
            stop = min(start + TILE, seen)
            for j in range(start, stop):
                add_columns(64, sums, columns[tile], values, channels, starts[j], starts[j + 1])
                block[j - start] = sums
            _turn(block, start, stop, shift, scores[query : query + TILE], query)


@njit(cache=True, nogil=True)
def _turn(block, start, stop, shift, scores, query):
    """Write a block of keys by queries as rows of scores, leaving out the keys ahead of a query."""
    for i in range(TILE):
        visible = min(stop, query + i + shift + 1)
        row = scores[i, start:stop]
        for j in range(visible - start):
            row[j] = block[j, i]
