"""Counter-based random numbers: Philox4x32-10, and standard normals from it, in plain PyTorch.

A word depends on (seed, counter) only, so any part of the sequence can be computed anywhere, in any order.

Source: Salmon, Moraes, Dror and Shaw, Parallel Random Numbers: As Easy as 1, 2, 3 (SC 2011).
"""

import math

import torch

MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
KEY_STEPS = (0x9E3779B9, 0xBB67AE85)
ROUNDS = 10
WORD = 0xFFFFFFFF


def philox(counter: tuple[torch.Tensor, ...], seed: int) -> tuple[torch.Tensor, ...]:
    """Four words of 32 random bits from four counter words (int64 tensors, each 0 to 2^32 - 1)."""
    c0, c1, c2, c3 = counter
    k0, k1 = seed & WORD, seed >> 32
    for _ in range(ROUNDS):
        high0, low0 = _product(MULTIPLIERS[0], c0)
        high1, low1 = _product(MULTIPLIERS[1], c2)
        c0, c1, c2, c3 = high1 ^ c1 ^ k0, low1, high0 ^ c3 ^ k1, low0
        k0, k1 = (k0 + KEY_STEPS[0]) & WORD, (k1 + KEY_STEPS[1]) & WORD
    return c0, c1, c2, c3


def normals(
    count: int, seed: int, step: int, start: int = 0, device: torch.device | str = "cpu"
) -> torch.Tensor:
    """Standard normals number ``start`` to ``start + count - 1`` of a step, float32.

    Four come from the counter (number // 4, step), by Box and Muller: words 0 and 2 give radii, words 1
    and 3 angles, through their upper 23 bits (which float32 can hold exactly, with a half added), so no
    normal is beyond sqrt(48 ln 2), about 5.8.
    """
    first, last = start // 4, -(-(start + count) // 4)
    group = torch.arange(first, last, device=device, dtype=torch.int64)
    zero = torch.zeros_like(group)
    words = philox((group & WORD, group >> 32, zero + step, zero), seed)
    uniform = [((word >> 9).double() + 0.5) * 2**-23 for word in words]
    radii = [(-2 * u.log()).sqrt() for u in uniform[::2]]
    angles = [2 * math.pi * u for u in uniform[1::2]]
    pairs = [part for r, a in zip(radii, angles, strict=True) for part in (r * a.cos(), r * a.sin())]
    numbers = torch.stack(pairs, dim=1).flatten().float()
    return numbers[start - 4 * first :][:count]


def _product(multiplier: int, word: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Upper and lower 32 bits of the product, from 16-bit halves so that nothing leaves int64."""
    low = multiplier * (word & 0xFFFF)
    high = multiplier * (word >> 16) + (low >> 16)
    return high >> 16, ((high & 0xFFFF) << 16) | (low & 0xFFFF)
