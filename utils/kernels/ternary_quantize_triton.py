"""Triton kernels of ``ternary_quantize``: partial sums or digit counts, then one pass to quantize."""

import torch
import triton
import triton.language as tl

from utils.kernels.radix_select import GPU_PASSES, lower_median

# Values that a program takes at once, how it runs, and how many steps loads run ahead in a loop.
BLOCK = 1024
FORM = {"BLOCK": BLOCK, "num_warps": 4}
STAGES = 3
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
    _ternarize_kernel[(blocks,)](weight, scale, codes, weight.numel(), **FORM)
    return codes, scale


def _mean_size(weight: torch.Tensor) -> torch.Tensor:
    programs, steps = _cut(weight.numel())
    partial = torch.empty(programs, dtype=torch.float64, device=weight.device)
    _sum_kernel[(programs,)](weight, partial, weight.numel(), programs, steps, STAGES, **FORM)
    return (partial.sum() / weight.numel()).float()


def _histogram(bits: torch.Tensor, shift: int, width: int, prefix: torch.Tensor) -> torch.Tensor:
    counts = torch.zeros(2**width, dtype=torch.int32, device=bits.device)
    programs, steps = _cut(bits.numel())
    sizes = (bits.numel(), programs, steps, shift, width, 8 * bits.element_size() - 1, STAGES)
    _count_kernel[(programs,)](bits, prefix, counts, *sizes, **FORM)
    return counts.long()


def _cut(count: int) -> tuple[int, int]:
    """Programs of a reduction, and blocks that each of them takes."""
    programs = min(PROGRAMS, triton.cdiv(count, BLOCK))
    return programs, triton.cdiv(count, programs * BLOCK)


@triton.jit
def _sum_kernel(weight, partial, count, programs, steps, STAGES: tl.constexpr, BLOCK: tl.constexpr):
    program = tl.program_id(0).to(tl.int64)
    total = tl.zeros([BLOCK], tl.float64)
    for step in tl.range(0, steps, num_stages=STAGES):
        at = (program + step * programs) * BLOCK + tl.arange(0, BLOCK)
        total += tl.abs(tl.load(weight + at, at < count, 0.0).to(tl.float32)).to(tl.float64)
    tl.store(partial + program, tl.sum(total, 0))


@triton.jit
def _count_kernel(
    bits,
    prefix,
    counts,
    count,
    programs,
    steps,
    shift: tl.constexpr,
    width: tl.constexpr,
    magnitude_bits: tl.constexpr,
    STAGES: tl.constexpr,
    BLOCK: tl.constexpr,
):
    """What does not count is counted as zero, and taken off at the end."""
    wanted = tl.load(prefix)
    bins: tl.constexpr = 1 << width
    found, other = tl.zeros([bins], tl.int32), tl.zeros([BLOCK], tl.int32)
    program = tl.program_id(0).to(tl.int64)
    for step in tl.range(0, steps, num_stages=STAGES):
        at = (program + step * programs) * BLOCK + tl.arange(0, BLOCK)
        magnitude = tl.load(bits + at, at < count, 0).to(tl.int64) & ((1 << magnitude_bits) - 1)
        inside = (at < count) & ((magnitude >> (shift + width)) == wanted)
        digit = ((magnitude >> shift) & (bins - 1)).to(tl.int32)
        found += tl.histogram(tl.where(inside, digit, 0), bins)
        other += tl.where(inside, 0, 1)
    number = tl.arange(0, bins)
    tl.atomic_add(counts + number, found - tl.where(number == 0, tl.sum(other, 0), 0), sem="relaxed")


@triton.jit
def _ternarize_kernel(weight, scale, codes, count, BLOCK: tl.constexpr):
    at = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    doubled, border = 2 * tl.load(weight + at, at < count, 0.0).to(tl.float32), tl.load(scale)
    tl.store(codes + at, (doubled > border).to(tl.int8) - (doubled < -border).to(tl.int8), at < count)
