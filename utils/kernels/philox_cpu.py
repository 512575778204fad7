"""Philox on the CPU, in loops that run in vector registers. The numbers are those of ``philox``."""

import numpy as np

from utils.kernels.jit import njit
from utils.kernels.philox import KEY_STEPS, MULTIPLIERS, ROUNDS, WORD

MULTIPLIER_0, MULTIPLIER_1 = (np.uint64(value) for value in MULTIPLIERS)
KEY_0, KEY_1 = (np.uint32(value) for value in KEY_STEPS)


def key_words(seed: int, step: int) -> tuple[np.uint32, np.uint32, np.uint32]:
    """Both halves of the key and the step, as ``fill_groups`` takes them."""
    return np.uint32(seed & WORD), np.uint32(seed >> 32), np.uint32(step)


@njit(cache=True, nogil=True)
def fill_groups(group, key, stream, words):
    """Four words of each counter (group + i, step, stream), into column i of ``words``, uint32 (4, n)."""
    shift, low = np.uint64(32), np.uint64(0xFFFFFFFF)
    for i in range(words.shape[1]):
        number = np.uint64(group + i)
        c0, c1 = np.uint32(number & low), np.uint32(number >> shift)
        c2, c3 = key[2], np.uint32(stream)
        k0, k1 = key[0], key[1]
        for _ in range(ROUNDS):
            product_0 = np.uint64(c0) * MULTIPLIER_0
            product_1 = np.uint64(c2) * MULTIPLIER_1
            c0 = np.uint32(product_1 >> shift) ^ c1 ^ k0
            c2 = np.uint32(product_0 >> shift) ^ c3 ^ k1
            c1, c3 = np.uint32(product_1 & low), np.uint32(product_0 & low)
            k0, k1 = np.uint32(k0 + KEY_0), np.uint32(k1 + KEY_1)
        words[0, i], words[1, i], words[2, i], words[3, i] = c0, c1, c2, c3
