"""The exact k-th smallest magnitude without sorting: count digits of the bit patterns, descend, repeat.

Non-negative floats are ordered like the integers that their bits spell. So a histogram of the leading bits
says in which bin the k-th smallest lies, and a histogram of the next bits inside that bin narrows it down.
"""

from collections.abc import Callable

import torch

# Bits counted in each pass, the leading ones first: their sum is the number of bits without the sign.
CPU_PASSES = {4: (11, 10, 10), 2: (15,)}
# A GPU counts in registers, for which few counters matter more than few passes.
GPU_PASSES = {4: (8, 8, 8, 7), 2: (8, 7)}
INTEGER = {4: torch.int32, 2: torch.int16}

Histogram = Callable[[torch.Tensor, int, int, torch.Tensor], torch.Tensor]


def lower_median(
    weight: torch.Tensor, passes: dict[int, tuple[int, ...]], histogram: Histogram
) -> torch.Tensor:
    """The lower median of |weight| as a float32 tensor (), NaN if any weight is NaN.

    ``histogram(bits, shift, width, prefix)`` counts ``(magnitude >> shift) & (2**width - 1)`` of the
    integers in ``bits`` (sign dropped) whose higher bits equal the tensor ``prefix``: int64 (2**width,).
    """
    size = weight.element_size()
    bits = weight.flatten().view(INTEGER[size])
    shift = 8 * size - 1
    prefix = torch.zeros((), dtype=torch.int64, device=weight.device)
    rank = torch.full_like(prefix, (bits.numel() - 1) // 2)
    for width in passes[size]:
        shift -= width
        upto = histogram(bits, shift, width, prefix).cumsum(0)
        digit = torch.searchsorted(upto, rank, right=True)
        rank = rank - torch.where(digit > 0, torch.take(upto, (digit - 1).clamp(min=0)), 0)
        prefix = (prefix << width) | digit
    return prefix.to(bits.dtype).view(weight.dtype).float()
