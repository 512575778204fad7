"""CPU kernels of chapter 19: the delta scan, and scores that touch nonzero deltas only."""

import numpy as np
import torch
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

from utils.kernels.cpu import over_rows
from utils.kernels.delta_keys import PackedDeltas

TILE = 64  # queries whose running sums stay in registers: four of AVX-512, eight of AVX
LANES = 16
FLOAT = ir.FloatType()
VECTOR = ir.VectorType(FLOAT, LANES)


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
    tiles = -(-count // TILE)
    columns = np.zeros((tiles, deltas.width, TILE), np.float32)  # a tile's queries, channel by channel
    padded = np.zeros((tiles * TILE, deltas.width), np.float32)
    padded[:count] = queries.numpy()
    columns[:] = padded.reshape(tiles, TILE, deltas.width).swapaxes(1, 2)
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
                add_columns(sums, columns[tile], values, channels, starts[j], starts[j + 1])
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


@intrinsic
def add_columns(typing, sums, columns, values, channels, first, last):
    """``sums += values[n] * columns[channels[n]]`` for first <= n < last, the sums held in registers.

    Written as LLVM vectors, which any processor has, because Numba reloads and stores them at each step.
    """
    signature = types.void(sums, columns, values, channels, first, last)

    def generate(context, builder, signature, arguments):
        kinds = signature.args
        sums, columns, values, channels = (
            context.make_array(kinds[i])(context, builder, arguments[i]).data for i in range(4)
        )
        parts = [_vector(builder, sums, part * LANES) for part in range(TILE // LANES)]
        totals = [cgutils.alloca_once_value(builder, builder.load(part, align=4)) for part in parts]
        for part, total in zip(parts, totals, strict=True):
            builder.store(builder.load(part, align=4), total)
        with cgutils.for_range_slice(
            builder, arguments[4], arguments[5], ir.Constant(arguments[4].type, 1)
        ) as (n, _):
            channel = builder.zext(builder.load(builder.gep(channels, [n])), n.type)
            column = builder.gep(columns, [builder.mul(channel, ir.Constant(n.type, TILE))])
            _add_column(builder, builder.load(builder.gep(values, [n])), column, totals)
        for part, total in zip(parts, totals, strict=True):
            builder.store(builder.load(total), part, align=4)
        return context.get_dummy_value()

    return signature, generate


def _add_column(builder, value, column, totals):
    """One multiply-add for each register of running sums ("contract" lets LLVM fuse the two)."""
    first = builder.insert_element(ir.Constant(VECTOR, ir.Undefined), value, ir.IntType(32)(0))
    zeros = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
    everywhere = builder.shuffle_vector(first, ir.Constant(VECTOR, ir.Undefined), zeros)
    for part, total in enumerate(totals):
        loaded = builder.load(_vector(builder, column, part * LANES), align=4)
        product = builder.fmul(everywhere, loaded, flags=("contract",))
        builder.store(builder.fadd(builder.load(total), product, flags=("contract",)), total)


def _vector(builder, base, offset):
    """The address of LANES floats that begin ``offset`` floats after ``base``."""
    return builder.bitcast(builder.gep(base, [ir.IntType(64)(offset)]), VECTOR.as_pointer())
