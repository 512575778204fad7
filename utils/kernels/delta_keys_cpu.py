"""CPU kernel of ``delta_keys``: a scan over the tokens of each head, the channels in vector registers."""

import numpy as np
import torch

from utils.kernels.cpu import over_rows
from utils.kernels.jit import njit


def delta_keys_cpu(keys: torch.Tensor, threshold: float) -> torch.Tensor:
    """See ``delta_keys``."""
    deltas = torch.zeros_like(keys)
    arrays = keys.numpy(), np.float32(threshold), deltas.numpy()
    heads = keys.shape[0] if keys.shape[1] else 0
    over_rows(lambda first, last: _scan(*arrays, first, last), heads, 1)
    return deltas


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
