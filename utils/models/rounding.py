"""The plain rival of every compressed network: a finished float network, rounded."""

import torch
from torch import Tensor

STEPS = 25  # scales that are tried, from 0.4 of the largest weight to the whole of it


def round_to_bits(W: Tensor, bits: int = 4) -> Tensor:
    """The values of W with ``2 ** bits - 1`` levels and one scale a matrix, the best of 25.

    Parameters
    ----------
    W : float Tensor (..., N, K)
        Each matrix is rounded by itself.
    bits : int
        At least 2; the codes run from ``-(2 ** (bits - 1) - 1)`` to ``2 ** (bits - 1) - 1``.

    Returns
    -------
    Tensor (..., N, K)
        Codes times scale; the scale leaves the smallest squared error of those that were tried.
    """
    top, best = 2 ** (bits - 1) - 1, None
    largest = W.abs().amax(dim=(-2, -1), keepdim=True).clamp(min=torch.finfo(W.dtype).tiny)
    for share in torch.linspace(0.4, 1, STEPS).tolist():
        scale = share * largest / top
        values = (W / scale).round().clamp(-top, top) * scale
        error = (values - W).square().sum(dim=(-2, -1), keepdim=True)
        if best is None:
            best, least = values, error
        best, least = torch.where(error < least, values, best), torch.minimum(error, least)
    return best


def levels(W: Tensor, clip: Tensor | float, bits: int = 4) -> Tensor:
    """The values of W with ``2 ** bits - 1`` levels, the largest of them ``clip`` standard deviations out.

    Parameters
    ----------
    W : float Tensor (..., N, K)
        Each matrix is rounded by itself; what lies beyond the largest level gets it.
    clip : float or Tensor (..., 1, 1)
        Where the largest level lies, in standard deviations of the matrix.
    bits : int
        At least 2.

    Returns
    -------
    Tensor (..., N, K)
        Codes times scale. Cheap enough for every step of a training, unlike the search of
        :func:`round_to_bits`.
    """
    top = 2 ** (bits - 1) - 1
    scale = clip * W.std(dim=(-2, -1), keepdim=True).clamp(min=torch.finfo(W.dtype).tiny) / top
    return (W / scale).round().clamp(-top, top) * scale


def stored_bytes(weights: int, bits: float) -> int:
    """Bytes of a matrix with so many weights: its codes and one float32 scale; 16 bits need no scale.

    1.6 bits are five ternary codes a byte.
    """
    codes = -(-weights // 5) if bits == 1.6 else -(-weights * round(bits) // 8)
    return codes + (4 if bits < 16 else 0)
