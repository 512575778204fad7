"""Random words for stochastic rounding: element number i of a step always gets the same 32 bits.

Element i takes word ``i % 4`` of the Philox counter (i // 4, step, STREAM) under the seed as key, so the
result depends on neither threads nor launch grids. The gradient noise of ``noisy_step`` counts in stream 0.
"""

import numpy as np
import torch

from utils.kernels import checks
from utils.kernels.jit import njit
from utils.kernels.philox import WORD, philox
from utils.kernels.philox_cpu import fill_groups

STREAM = 1
BLOCK = 2048  # words that are made at a time: 8 kB, which stay in the first-level cache


def random_words(count: int, seed: int, step: int, device: torch.device | str = "cpu") -> torch.Tensor:
    """Words of elements 0 to ``count - 1``, int64 tensor of 0 to 2^32 - 1."""
    group = torch.arange(-(-count // 4), device=device, dtype=torch.int64)
    zero = torch.zeros_like(group)
    words = philox((group & WORD, group >> 32, zero + step, zero + STREAM), seed)
    return torch.stack(words, dim=1).flatten()[:count]


def check_seed(seed: int | None, step: int) -> None:
    """Refuse a seed that is no key of 64 bits, or a step that is no word of the counter."""
    if seed is not None:
        checks.integer("seed", seed, 0, "it is a key of 64 bits", most=2**64 - 1)
    checks.integer("step", step, 0, "it is one word of 32 bits of the counter", most=WORD)


@njit(cache=True, nogil=True)
def fill_words(first, key, words):
    """The words of elements ``first``, ``first + 1``, ... into the uint32 array ``words``, on the CPU."""
    made = np.empty((4, words.size // 4 + 2), np.uint32)
    fill_groups(first // 4, key, STREAM, made)
    for i in range(words.size):
        at = first % 4 + i
        words[i] = made[at % 4, at // 4]
