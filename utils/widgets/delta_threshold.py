"""Chapter 19: keys that are only sent when they have moved, and what attention loses by it."""

import math

import numpy as np
import traitlets

from utils.errors import FrugalError
from utils.widgets.base import Widget, unpack
from utils.widgets.controls import Slider
from utils.widgets.samples import normals

TOKENS, WIDTH, SEED, BASE = 64, 16, 19, 100.0


def generated(stickiness: float) -> tuple[np.ndarray, np.ndarray]:
    """Keys and queries (TOKENS, WIDTH): first-order autoregressive, unit variance, rotated as by RoPE."""
    noise = normals(SEED, 2 * TOKENS * WIDTH).reshape(2, TOKENS, WIDTH)
    values = noise.copy()
    for t in range(1, TOKENS):
        values[:, t] = stickiness * values[:, t - 1] + math.sqrt(1 - stickiness**2) * noise[:, t]
    angle = np.arange(TOKENS)[:, None] * BASE ** (-np.arange(WIDTH // 2) / (WIDTH // 2))
    even, odd = values[..., 0::2], values[..., 1::2]
    turned = np.stack(
        [even * np.cos(angle) - odd * np.sin(angle), even * np.sin(angle) + odd * np.cos(angle)], -1
    )
    keys, queries = turned.reshape(2, TOKENS, WIDTH)
    return keys, queries


def hold(keys: np.ndarray, theta: float) -> tuple[np.ndarray, np.ndarray]:
    """Sample and hold (Delta networks, Neil et al. 2017): references r (T, d) and which entries were sent."""
    held, sent = keys.copy(), np.ones(keys.shape, dtype=bool)
    for t in range(1, len(keys)):
        sent[t] = np.abs(keys[t] - held[t - 1]) > theta
        held[t] = np.where(sent[t], keys[t], held[t - 1])
    return held, sent


def drift(keys: np.ndarray, theta: float) -> np.ndarray:
    """The trap: sums of the differences between neighbors that exceed theta, without a reference."""
    steps = np.diff(keys, axis=0)
    return keys[0] + np.concatenate(
        [np.zeros((1, keys.shape[1])), np.cumsum(steps * (np.abs(steps) > theta), 0)]
    )


def attention(queries: np.ndarray, keys: np.ndarray, exact: np.ndarray, window: int) -> np.ndarray:
    """Causal softmax weights (T, T): exact keys in the last ``window`` + 1 columns, ``keys`` before them."""
    scale = math.sqrt(keys.shape[1])
    index = np.arange(len(keys))
    near = index[None, :] >= index[:, None] - window
    scores = np.where(near, queries @ exact.T, queries @ keys.T) / scale
    scores[index[None, :] > index[:, None]] = -np.inf
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)


def compute(
    key_rows: bytes,
    query_rows: bytes,
    width: int,
    stickiness: float,
    threshold: float,
    window: float,
    channel: float,
) -> dict:
    """What a threshold of ``threshold`` standard deviations of the keys skips and costs.

    ``key_rows`` and ``query_rows`` are (T, width) arrays of a model; while they are empty, generated ones
    serve.

    Returns ``zeros`` (share of entries not sent after the first token), ``skipped`` (share of the
    multiplications of the causal scores), ``largest`` and ``drift`` (largest error of a key with and without
    reference, in standard deviations), ``error`` (mean total variation of the attention weights), and for the
    picture the traces of one channel and ``sent``, the entries sent for each token.
    """
    if not (math.isfinite(threshold) and threshold >= 0 and 0 <= stickiness < 1):
        raise FrugalError("the threshold must not be negative, and the stickiness lie between 0 and 1.")
    if key_rows:
        K, Q = (unpack(rows).reshape(-1, width) for rows in (key_rows, query_rows))
    else:
        K, Q = generated(stickiness)
    window, channel = int(window), min(int(channel), K.shape[1] - 1)
    deviation = float(K.std())
    theta = threshold * deviation
    held, sent = hold(K, theta)
    wandering = drift(K, theta)
    exact = attention(Q, K, K, window)
    index = np.arange(len(K))
    near = np.tril(index[None, :] >= index[:, None] - window)
    far = np.tril(~near)
    used = near.sum() * K.shape[1] + (far * sent.sum(axis=1)).sum()
    return {
        "zeros": float(1 - sent[1:].mean()),
        "skipped": float(1 - used / (K.shape[1] * len(K) * (len(K) + 1) / 2)),
        "largest": float(np.abs(K - held).max() / deviation),
        "drift": float(np.abs(K - wandering).max() / deviation),
        "error": float(np.abs(attention(Q, held, K, window) - exact).sum(axis=1).mean() / 2),
        "theta": theta,
        "key": K[:, channel],
        "held": held[:, channel],
        "wandering": wandering[:, channel],
        "sent": sent.sum(axis=1),
        "width": K.shape[1],
    }


class DeltaThreshold(Widget):
    """One channel of the keys with its staircase, and the causal map of score multiplications that remain."""

    summary = (
        "Two plots: one channel of the keys over the tokens with the staircase that is kept of it, and the "
        "map of query and key pairs whose multiplications remain. Choose threshold, local window, channel "
        "and how slowly the keys change."
    )
    key_rows = traitlets.Bytes(b"").tag(sync=True)
    query_rows = traitlets.Bytes(b"").tag(sync=True)
    width = traitlets.Int(WIDTH, min=1).tag(sync=True)
    threshold = Slider(0.5, "Threshold, in standard deviations", 0, 2, step=0.05)
    window = Slider(4, "Exact window, tokens", 0, 32, step=1)
    channel = Slider(14, "Channel shown (low numbers turn fast)", 0, WIDTH - 1, step=1)
    stickiness = Slider(0.8, "How slowly keys change", 0, 0.99, step=0.01)
    compute = staticmethod(compute)
