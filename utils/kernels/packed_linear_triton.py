"""What the Triton kernels of both packed linear layers have in common."""

import triton
import triton.language as tl


@triton.jit
def values(at, inside, TILE_N: tl.constexpr, MATRIX: tl.constexpr):
    """Activations; without the matrix units once for each row of weights, so that none changes threads."""
    if not MATRIX:
        at, inside = tl.broadcast_to(at, TILE_N, at.shape[1]), tl.broadcast_to(inside, TILE_N, at.shape[1])
    return tl.load(at, inside, 0)


@triton.jit
def by_row(total, MATRIX: tl.constexpr):
    """Sums (TILE_N, TILE_B): without the matrix units the one reduction of the kernel."""
    if MATRIX:
        return total
    else:
        return tl.sum(total, axis=1)[:, None]
