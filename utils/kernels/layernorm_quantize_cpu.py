"""CPU kernel of ``layernorm_quantize``: a row stays in the first-level cache while it is read three times."""

import numpy as np
import torch
from numba import njit

from utils.kernels.cpu import over_rows
from utils.kernels.layernorm_quantize import LARGEST_CODE, LEAST_MAXIMUM, NORM_EPS

# Below so many values a second thread costs more than it brings.
WORTH_A_THREAD = 2**18


def layernorm_quantize_cpu(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """See ``layernorm_quantize``."""
    rows = x.shape[0]
    codes, scale = torch.empty(x.shape, dtype=torch.int8), torch.empty(rows)
    arrays = x.float().numpy(), codes.numpy(), scale.numpy()
    share = max(1, -(-rows // torch.get_num_threads()))
    over_rows(lambda first, last: _rows(*arrays, first, last), rows, share, x.numel() >= WORTH_A_THREAD)
    return codes, scale


@njit(cache=True, nogil=True)
def _rows(x, codes, scale, first, last):
    for row in range(first, last):
        mean = np.float32(_sum(x[row]) / x.shape[1])
        variance = np.float32(_squares(x[row], mean) / x.shape[1])
        norm = np.float32(1) / np.sqrt(variance + np.float32(NORM_EPS))
        largest = max(np.float32(LEAST_MAXIMUM), _largest(x[row], mean) * norm)
        broken = not np.isfinite(variance)
        scale[row] = np.float32(np.nan) if broken else np.float32(LARGEST_CODE) / largest
        _quantize(x[row], mean, np.float32(0) if broken else norm * scale[row], broken, codes[row])


# Sums may be reordered, so that they run in vector registers; NaN and infinity keep their meaning.
@njit(cache=True, nogil=True, fastmath={"reassoc"})
def _sum(x):
    total = np.float32(0)
    for value in x:
        total += value
    return total


@njit(cache=True, nogil=True, fastmath={"reassoc"})
def _squares(x, mean):
    total = np.float32(0)
    for value in x:
        total += (value - mean) * (value - mean)
    return total


@njit(cache=True, nogil=True, fastmath={"nnan", "nsz"})
def _largest(x, mean):
    largest = np.float32(0)
    for value in x:
        largest = max(largest, abs(value - mean))
    return largest


@njit(cache=True, nogil=True)
def _quantize(x, mean, factor, broken, codes):
    for column in range(x.size):
        value = np.float32(0) if broken else (x[column] - mean) * factor
        codes[column] = np.int8(np.rint(value))
