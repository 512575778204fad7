"""Benchmark of ``delta_attention`` beside the same loop without skipping and dense attention."""

from collections.abc import Iterator

import torch

from utils.kernels.bench import peers_cuda
from utils.kernels.bench.case import Case
from utils.kernels.delta_attention import QUERIES, cost, delta_attention
from utils.kernels.delta_attention_cpu import delta_scores_cpu
from utils.kernels.delta_keys import PackedDeltas, delta_keys, pack_deltas

WIDTH = 64
# (tokens, queries, share of zeros): prefill and decode at the sparsity that the chapter reaches and beyond.
TOKENS = 2048
SHAPES = [(TOKENS, TOKENS, 0.6), (TOKENS, TOKENS, 0.9), (16384, 1, 0.6), (16384, 1, 0.9)]


def cases(device: str) -> Iterator[Case]:
    """The shapes at which it is measured, each with its peers."""
    if device == "cpu":
        yield from _scores()
    for tokens, count, zeros in SHAPES:
        keys, values = smooth_keys(tokens).to(device), torch.randn(1, tokens, WIDTH, device=device)
        queries = torch.randn(1, count, WIDTH, device=device)
        deltas = deltas_with(keys, zeros)
        kept = pack_deltas(deltas)
        kind = "prefill" if count > 1 else "decode"
        work = cost(tokens, kept.values.numel(), WIDTH) if count > 1 else _decode_cost(kept)
        yield Case(
            f"{kind}, {tokens} tokens, {100 * zeros:.0f} % zeros",
            lambda queries=queries, kept=kept, values=values: delta_attention(queries, kept, values),
            _peers(queries, keys, values, pack_all(deltas)),
            work,
            kept.bytes,
        )


def smooth_keys(tokens: int) -> torch.Tensor:
    """Keys (1, L, d) of unit variance, each channel keeping 0.95 of its last value."""
    noise, keep = torch.randn(tokens, WIDTH), 0.95
    keys = [noise[0]]
    for fresh in noise[1:]:
        keys.append(keep * keys[-1] + (1 - keep**2) ** 0.5 * fresh)
    return torch.stack(keys)[None]


def deltas_with(keys: torch.Tensor, zeros: float) -> torch.Tensor:
    """Deltas of which this share is zero: the threshold is found by halving."""
    low, high = 0.0, 8.0
    for _ in range(16):
        middle = (low + high) / 2
        enough = (delta_keys(keys, middle) == 0).float().mean() >= zeros
        low, high = (low, middle) if enough else (middle, high)
    return delta_keys(keys, high)


def pack_all(deltas: torch.Tensor) -> PackedDeltas:
    """The zeros stored and multiplied like the rest: the same loop on the same numbers without skipping."""
    _, tokens, width = deltas.shape
    channels = torch.arange(width, dtype=torch.uint8, device=deltas.device).repeat(tokens)
    starts = width * torch.arange(tokens + 1, device=deltas.device)
    return PackedDeltas(deltas.flatten(), channels, starts[None], width)


def _scores() -> Iterator[Case]:
    """The loop that skips, by itself: softmax and the product with the values cost the same with zeros."""
    keys, queries = smooth_keys(TOKENS), torch.randn(1, TOKENS, WIDTH)
    for zeros in (0.6, 0.9):
        deltas = deltas_with(keys, zeros)
        kept, every = pack_deltas(deltas), pack_all(deltas)
        yield Case(
            f"scores alone, {TOKENS} tokens, {100 * zeros:.0f} % zeros",
            lambda kept=kept: _score_loop(queries[0], kept),
            {
                "ours without skipping": lambda every=every: _score_loop(queries[0], every),
                "dense product in PyTorch": lambda: _dense_loop(queries[0], keys[0]),
            },
            cost(TOKENS, kept.values.numel(), WIDTH),
            kept.bytes,
        )


def _score_loop(queries, deltas):
    for first in range(0, TOKENS, QUERIES):
        delta_scores_cpu(queries[first : first + QUERIES], deltas, 0, min(TOKENS, first + QUERIES))


def _dense_loop(queries, keys):
    """Leaves out the keys ahead of each part of the queries, as ours does; no running sums are needed."""
    for first in range(0, TOKENS, QUERIES):
        queries[first : first + QUERIES] @ keys[: first + QUERIES].T


def _decode_cost(kept: PackedDeltas):
    """One query reads every nonzero once and writes a score a token."""
    nonzeros, tokens = kept.values.numel(), kept.shape[1]
    full = cost(tokens, nonzeros, WIDTH)
    return type(full)(2 * nonzeros, kept.bytes + 4 * WIDTH, 4 * tokens)


def _peers(queries, keys, values, dense) -> dict:
    attend = torch.nn.functional.scaled_dot_product_attention
    causal = queries.shape[1] > 1
    # Without an axis for the batch PyTorch takes a plain path, several times slower than its fused one.
    whole = [part[None] for part in (queries, keys, values)]
    found = {
        "ours without skipping": lambda: delta_attention(queries, dense, values),
        "dense scores, softmax, values in PyTorch": lambda: _dense(queries, keys, values, causal),
        "PyTorch scaled_dot_product_attention": lambda: attend(*whole, is_causal=causal),
    }
    if queries.is_cuda:
        halves = [part.bfloat16() for part in whole]
        found["scaled_dot_product_attention, bfloat16"] = lambda: attend(*halves, is_causal=causal)
        found |= peers_cuda.attention(queries, keys, values)
    return found


def _dense(queries, keys, values, causal):
    scores = queries @ keys.mT / WIDTH**0.5
    if causal:
        ahead = torch.ones(scores.shape[1:], dtype=torch.bool, device=scores.device).triu(1)
        scores = scores.masked_fill(ahead, -torch.inf)
    return scores.softmax(dim=2) @ values
