"""Numbers that are the same in Python and in the browser: spread evenly, or pseudo-random from a seed."""

import math

import numpy as np

GOLDEN = (math.sqrt(5) - 1) / 2


def even_pairs(count: int) -> np.ndarray:
    """Pairs of independent standard Gaussians, (count, 2) float64: Box and Muller on a Kronecker sequence."""
    index = np.arange(count)
    radius = np.sqrt(-2 * np.log((index + 0.5) / count))
    angle = 2 * math.pi * ((index * GOLDEN) % 1)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)


def even_sample(law: str, count: int) -> np.ndarray:
    """A law of unit standard deviation, "gaussian" or "laplace", spread evenly: (count,) float64."""
    if law == "gaussian":
        return even_pairs(count)[:, 0].copy()
    u = (np.arange(count) + 0.5) / count
    return np.sign(u - 0.5) * -np.log(1 - 2 * np.abs(u - 0.5)) / math.sqrt(2)


def uniforms(seed: int, count: int) -> np.ndarray:
    """Pseudo-random numbers in [0, 1), (count,) float64: mulberry32 (T. Ettinger), counted from ``seed``."""
    z = (np.arange(count, dtype=np.uint32) + np.uint32(seed + 1)) * np.uint32(0x6D2B79F5)
    z = (z ^ (z >> 15)) * (z | 1)
    z ^= z + (z ^ (z >> 7)) * (z | 61)
    return (z ^ (z >> 14)) / 2**32


def normals(seed: int, count: int) -> np.ndarray:
    """Pseudo-random standard Gaussians, (count,) float64: Box and Muller on ``uniforms``."""
    u = uniforms(seed, 2 * count)
    return np.sqrt(-2 * np.log(1 - u[0::2])) * np.cos(2 * math.pi * u[1::2])
