"""Random words for stochastic rounding: element number i of a step always gets the same 32 bits.

Element i takes word ``i % 4`` of the Philox counter (i // 4, step, STREAM) under the seed as key, so the
result depends on neither threads nor launch grids. The gradient noise of ``noisy_step`` counts in stream 0.
"""

import numpy as np
import torch
from numba import njit

from utils.kernels import checks
from utils.kernels.philox import KEY_STEPS, MULTIPLIERS, ROUNDS, WORD, philox

STREAM = 1
BLOCK = 2048  # words that are made at a time: 8 kB, which stay in the first-level cache
MULTIPLIER_0, MULTIPLIER_1 = (np.uint64(value) for value in MULTIPLIERS)
KEY_0, KEY_1 = (np.uint32(value) for value in KEY_STEPS)


def random_words(count: int, seed: int, step: int, device: torch.device | str = "cpu") -> torch.Tensor:
    """Words of elements 0 to ``count - 1``, int64 tensor of 0 to 2^32 - 1."""
    group = torch.arange(-(-count // 4), device=device)
    zero = torch.zeros_like(group)
    words = philox((group & WORD, group >> 32, zero + step, zero + STREAM), seed)
    return torch.stack(words, dim=1).flatten()[:count]


def check_seed(seed: int | None, step: int) -> None:
    """Refuse a seed that is no key of 64 bits, or a step that is no word of the counter."""
    if seed is not None:
        checks.at_least("seed", seed, 0, "it is an unsigned number")
        checks.at_most("seed", seed, 2**64 - 1, "it is a key of 64 bits")
    checks.at_least("step", step, 0, "steps are counted from 0")
    checks.at_most("step", step, WORD, "it is one word of the counter")


def key_words(seed: int, step: int) -> tuple[np.uint32, np.uint32, np.uint32]:
    """Both halves of the key and the step, as ``fill_words`` takes them."""
    return np.uint32(seed & WORD), np.uint32(seed >> 32), np.uint32(step)


@njit(cache=True, nogil=True)
def fill_words(first, key, words):
    """The words of elements ``first``, ``first + 1``, ... into the uint32 array ``words``, on the CPU."""
    made = np.empty((4, words.size // 4 + 2), np.uint32)
    _philox(first // 4, key, made)
    for i in range(words.size):
        at = first % 4 + i
        words[i] = made[at % 4, at // 4]


@njit(cache=True, nogil=True)
def _philox(group, key, words):
    shift, low = np.uint64(32), np.uint64(0xFFFFFFFF)
    for i in range(words.shape[1]):
        number = np.uint64(group + i)
        c0, c1 = np.uint32(number & low), np.uint32(number >> shift)
        c2, c3 = key[2], np.uint32(STREAM)
        k0, k1 = key[0], key[1]
        for _ in range(ROUNDS):
            product_0 = np.uint64(c0) * MULTIPLIER_0
            product_1 = np.uint64(c2) * MULTIPLIER_1
            c0 = np.uint32(product_1 >> shift) ^ c1 ^ k0
            c2 = np.uint32(product_0 >> shift) ^ c3 ^ k1
            c1, c3 = np.uint32(product_1 & low), np.uint32(product_0 & low)
            k0, k1 = np.uint32(k0 + KEY_0), np.uint32(k1 + KEY_1)
        words[0, i], words[1, i], words[2, i], words[3, i] = c0, c1, c2, c3
