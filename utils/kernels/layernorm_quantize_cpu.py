"""CPU kernel of ``layernorm_quantize``: a row stays in the first-level cache while it is read repeatedly."""

import numpy as np
import torch

from utils.kernels.cpu import over_rows
from utils.kernels.jit import njit

# Below so many values a second thread costs more than it brings.
WORTH_A_THREAD = 2**18


def layernorm_quantize_cpu(
    x: torch.Tensor, norm_eps: float, least: float, largest_code: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """See ``layernorm_quantize``."""
    rows = x.shape[0]
    codes, scale = (
        torch.empty(x.shape, dtype=torch.int8, device="cpu"),
        torch.empty(rows, dtype=torch.float32, device="cpu"),
    )
    arrays = x.float().numpy(), codes.numpy(), scale.numpy()
    share = max(1, -(-rows // torch.get_num_threads()))
    limits = np.float32(norm_eps), np.float32(least), np.float32(largest_code)
    over_rows(
        lambda first, last: _rows(*arrays, *limits, first, last), rows, share, x.numel() >= WORTH_A_THREAD
    )
    return codes, scale


# Loops count an index: over ``for value in x`` Numba makes no vector instructions.
@njit(cache=True, nogil=True)
def _rows(x, codes, scale, norm_eps, least, largest_code, first, last):
    centered, top = np.empty(x.shape[1], np.float32), np.empty(1, np.int32)
    for row in range(first, last):
        _center(x[row], x[row, 0], centered)  # so that what is left of nearly equal entries is exact
        _center(centered, np.float32(_sum(centered) / x.shape[1]), centered)
        variance = np.float32(_squares(centered) / x.shape[1])
        norm = np.float32(1) / np.sqrt(variance + norm_eps)
        top[0] = _largest(centered.view(np.int32))
        largest = max(least, top.view(np.float32)[0] * norm)
        broken = not np.isfinite(variance)
        scale[row] = np.float32(np.nan) if broken else largest / largest_code
        _quantize(centered, np.float32(0) if broken else norm / scale[row], broken, codes[row])


# Sums may be reordered, so that they run in vector registers; NaN and infinity keep their meaning.
@njit(cache=True, nogil=True, fastmath={"reassoc"})
def _sum(x):
    total = np.float32(0)
    for i in range(x.size):
        total += x[i]
    return total


@njit(cache=True, nogil=True)
def _center(x, mean, centered):
    for i in range(x.size):
        centered[i] = x[i] - mean


@njit(cache=True, nogil=True, fastmath={"reassoc"})
def _squares(centered):
    total = np.float32(0)
    for i in range(centered.size):
        total += centered[i] * centered[i]
    return total


@njit(cache=True, nogil=True)
def _largest(bits):
    """The bits of the largest magnitude: those of positive floats are ordered as integers are."""
    largest = np.int32(0)
    for i in range(bits.size):
        largest = max(largest, bits[i] & np.int32(0x7FFFFFFF))
    return largest


@njit(cache=True, nogil=True)
def _quantize(centered, factor, broken, codes):
    for i in range(centered.size):
        codes[i] = np.int8(np.rint(np.float32(0) if broken else centered[i] * factor))
