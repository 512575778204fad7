"""CPU kernel of ``ternary_quantize``: one pass to measure (three for a float32 median), one to quantize."""

import numpy as np
import torch

from utils.kernels.jit import njit
from utils.kernels.radix_select import CPU_PASSES, lower_median

# Counters are kept several times over, because two increments of one counter in a row wait for each other.
COPIES = 4


def ternary_quantize_cpu(weight: torch.Tensor, measure: str, eps: float) -> tuple[torch.Tensor, torch.Tensor]:
    """See ``ternary_quantize``."""
    values = weight.float().flatten().numpy()
    if measure == "mean":
        center = torch.tensor(_mean_size(values), dtype=torch.float32, device="cpu")
    else:
        center = lower_median(weight, CPU_PASSES, _histogram)
        center = center if _all_numbers(values) else torch.full_like(center, torch.nan)
    scale = center.clamp(min=eps)
    codes = torch.empty(weight.shape, dtype=torch.int8, device="cpu")
    _ternarize(values, np.float32(scale), codes.flatten().numpy())
    return codes, scale


def _histogram(bits: torch.Tensor, shift: int, width: int, prefix: torch.Tensor) -> torch.Tensor:
    counts = np.zeros((COPIES, 2**width), np.int64)
    _count(bits.numpy(), shift, width, int(prefix), counts)
    return torch.from_numpy(counts.sum(axis=0))


@njit(cache=True, nogil=True)
def _count(bits, shift, width, prefix, counts):
    most = (np.int64(1) << (8 * bits.itemsize - 1)) - 1
    for i in range(bits.size):
        magnitude = np.int64(bits[i]) & most
        if magnitude >> (shift + width) == prefix:
            counts[i & (COPIES - 1), (magnitude >> shift) & ((1 << width) - 1)] += 1


# Loops count an index: over ``for value in values`` Numba makes no vector instructions.
# Sums may be reordered, so that they run in vector registers; NaN and infinity keep their meaning.
@njit(cache=True, nogil=True, fastmath={"reassoc"})
def _mean_size(values):
    total = 0.0
    for i in range(values.size):
        total += np.float64(abs(values[i]))
    return total / values.size


@njit(cache=True, nogil=True)
def _all_numbers(values):
    bad = np.int32(0)
    for i in range(values.size):
        bad |= np.int32(values[i] != values[i])
    return bad == 0


@njit(cache=True, nogil=True)
def _ternarize(values, scale, codes):
    """round() takes a half to the even 0: +-1 exactly above half the scale; NaN compares false: 0."""
    for i in range(values.size):
        doubled = values[i] + values[i]
        codes[i] = np.int8(np.int8(doubled > scale) - np.int8(doubled < -scale))
