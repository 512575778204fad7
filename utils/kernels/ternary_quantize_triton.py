"""Triton kernels of ``ternary_quantize``: partial sums or digit counts, then one pass to quantize."""

import torch
import triton
import triton.language as tl

from utils.kernels.radix_select import GPU_PASSES, lower_median

# Values that a program takes at once, and how it runs.
BLOCK = 1024
FORM = {"num_warps": 4, "num_stages": 3}
# Programs of a reduction: a few for each multiprocessor, so that partial results stay few.
PROGRAMS = 512


def ternary_quantize_triton(
    weight: torch.Tensor, measure: str, eps: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """See ``ternary_quantize``."""
    mean = _mean_size(weight)
    if measure == "median":
        # The mean is NaN exactly when a weight is, since magnitudes cannot cancel.
        center = torch.where(mean.isnan(), mean, lower_median(weight, GPU_PASSES, _histogram))
    else:
        center = mean
    scale = center.clamp(min=eps)
    codes = torch.empty(weight.shape, dtype=torch.int8, device=weight.device)
    blocks = triton.cdiv(weight.numel(), BLOCK)
    _ternarize_kernel[(blocks,)](weight, scale, codes, weight.numel(), BLOCK, **FORM)
    return codes, scale


def _mean_size(weight: torch.Tensor) -> torch.Tensor:
    programs = min(PROGRAMS, triton.cdiv(weight.numel(), BLOCK))
    partial = torch.empty(programs, dtype=torch.float64, device=weight.device)
    _sum_kernel[(programs,)](weight, partial, weight.numel(), programs, BLOCK, **FORM)
    return (partial.sum() / weight.numel()).float()


def _histogram(bits: torch.Tensor, shift: int, width: int, prefix: torch.Tensor) -> torch.Tensor:
    counts = torch.zeros(2**width, dtype=torch.int32, device=bits.device)
    programs = min(PROGRAMS, triton.cdiv(bits.numel(), BLOCK))
    _count_kernel[(programs,)](
        bits, prefix, counts, bits.numel(), programs, shift, width, 8 * bits.element_size() - 1, BLOCK, **FORM
    )
    return counts.long()


@triton.jit
def _sum_kernel(weight, partial, count, programs, BLOCK: tl.constexpr):
    program = tl.program_id(0)
    total = tl.zeros([BLOCK], tl.float64)
    for start in range(program * BLOCK, count, programs * BLOCK):
        at = start + tl.arange(0, BLOCK)
        total += tl.abs(tl.load(weight + at, at < count, 0.0).to(tl.float32)).to(tl.float64)
    tl.store(partial + program, tl.sum(total, 0))


@triton.jit
def _count_kernel(
    bits,
    prefix,
    counts,
    count,
    programs,
    shift: tl.constexpr,
    width: tl.constexpr,
    magnitude_bits: tl.constexpr,
    BLOCK: tl.constexpr,
):
    wanted = tl.load(prefix)
    bins: tl.constexpr = 1 << width
    found = tl.zeros([bins], tl.int32)
    for start in range(tl.program_id(0) * BLOCK, count, programs * BLOCK):
        at = start + tl.arange(0, BLOCK)
        magnitude = tl.load(bits + at, at < count, 0).to(tl.int64) & ((1 << magnitude_bits) - 1)
        inside = (at < count) & ((magnitude >> (shift + width)) == wanted)
        found += tl.histogram(((magnitude >> shift) & (bins - 1)).to(tl.int32), bins, mask=inside)
    tl.atomic_add(counts + tl.arange(0, bins), found)


@triton.jit
def _ternarize_kernel(weight, scale, codes, count, BLOCK: tl.constexpr):
    at = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    doubled, border = 2 * tl.load(weight + at, at < count, 0.0).to(tl.float32), tl.load(scale)
    tl.store(codes + at, (doubled > border).to(tl.int8) - (doubled < -border).to(tl.int8), at < count)
