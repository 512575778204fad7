"""CPU kernel of ``noisy_step``: noise for a block that stays in the cache, then the update of that block."""

import numpy as np
import torch

from utils.kernels.box_muller_cpu import cos_sin, radius
from utils.kernels.cpu import over_rows
from utils.kernels.jit import njit
from utils.kernels.philox_cpu import fill_groups, key_words

GROUPS = 512  # of four normals: a block of noise takes 8 kB
STREAM = 0  # of the counters
# Below so many parameters a second thread costs more than it brings.
WORTH_A_THREAD = 2**16


def noisy_sgd_cpu(p, g, start, lr, deviation, seed, step):
    """See ``noisy_step.noisy_sgd``."""
    arrays = _flat(p), _flat(g)
    numbers = np.float32(lr), np.float32(deviation)
    _run(_sgd, arrays, start, seed, step, numbers)


def noisy_adam_cpu(p, g, m, v, start, lr, deviation, seed, step, betas, eps):
    """See ``noisy_step.noisy_adam``."""
    arrays = _flat(p), _flat(g), _flat(m), _flat(v)
    first, second = (1 - beta ** (step + 1) for beta in betas)
    keep = 1 - betas[0], 1 - betas[1]
    numbers = tuple(map(np.float32, (lr / first, deviation, *betas, *keep, 1 / second, eps)))
    _run(_adam, arrays, start, seed, step, numbers)


def _flat(tensor: torch.Tensor) -> np.ndarray:
    return tensor.view(-1).numpy()


def _run(kernel, arrays, start, seed, step, numbers) -> None:
    count = arrays[0].size
    key = key_words(seed, step)
    share = -(-count // torch.get_num_threads()) or 1
    over_rows(
        lambda first, last: kernel(*arrays, start, key, numbers, first, last),
        count,
        share,
        count >= WORTH_A_THREAD,
    )


@njit(cache=True, nogil=True)
def _sgd(p, g, start, key, numbers, first, last):
    lr, deviation = numbers
    words, noise = np.empty((4, GROUPS), np.uint32), np.empty(4 * GROUPS, np.float32)
    while first < last:
        end, group, skip = _block(start, first, last)
        _fill(group, key, words, noise)
        _sgd_block(p[first:end], g[first:end], noise[skip:], lr, deviation)
        first = end


@njit(cache=True, nogil=True)
def _adam(p, g, m, v, start, key, numbers, first, last):
    words, noise = np.empty((4, GROUPS), np.uint32), np.empty(4 * GROUPS, np.float32)
    while first < last:
        end, group, skip = _block(start, first, last)
        _fill(group, key, words, noise)
        _adam_block(p[first:end], g[first:end], m[first:end], v[first:end], noise[skip:], numbers)
        first = end


@njit(cache=True, nogil=True)
def _block(start, first, last):
    """The part of first..last that one buffer of noise serves.

    Its end, its first group of four normals, and how many of those four to skip. (Not a generator: Numba
    cannot use one that it found in its cache on disk in a function that it compiles anew.)
    """
    number = start + first
    skip = number % 4
    return min(last, first + 4 * GROUPS - skip), number // 4, skip


@njit(cache=True, nogil=True)
def _sgd_block(p, g, noise, lr, deviation):
    for i in range(p.size):
        p[i] -= lr * (g[i] + deviation * noise[i])


@njit(cache=True, nogil=True, error_model="numpy")
def _adam_block(p, g, m, v, noise, numbers):
    rate, deviation, beta_1, beta_2, keep_1, keep_2, correction, eps = numbers
    for i in range(p.size):
        noisy = g[i] + deviation * noise[i]
        mean = beta_1 * m[i] + keep_1 * noisy
        square = beta_2 * v[i] + keep_2 * (noisy * noisy)
        m[i], v[i] = mean, square
        p[i] -= rate * mean / (np.sqrt(square * correction) + eps)


@njit(cache=True, nogil=True)
def _fill(group, key, words, noise):
    """The normals of GROUPS groups. Each loop is simple enough to run in vector registers."""
    fill_groups(group, key, STREAM, words)
    radii, angles = np.empty((2, GROUPS), np.float32), np.empty((4, GROUPS), np.float32)
    for pair in range(2):
        radius(words[2 * pair], radii[pair])
        cos_sin(words[2 * pair + 1], angles[2 * pair], angles[2 * pair + 1])
    for i in range(GROUPS):
        for part in range(4):
            noise[4 * i + part] = radii[part // 2, i] * angles[part, i]
