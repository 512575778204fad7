"""Triton kernel of ``layernorm_quantize``: one program a row, the row in registers from read to write."""

import torch
import triton
import triton.language as tl

# Warps for rows of at most so many columns: about 16 to 64 values a thread.
WARPS = ((1024, 2), (4096, 4), (16384, 8), (2**15, 32))


def layernorm_quantize_triton(
    x: torch.Tensor, norm_eps: float, least: float, largest_code: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """See ``layernorm_quantize``."""
    rows, columns = x.shape
    codes = torch.empty(x.shape, dtype=torch.int8, device=x.device)
    scale = torch.empty(rows, device=x.device, dtype=torch.float32)
    if rows:
        block = triton.next_power_of_2(columns)
        warps = next(warps for most, warps in WARPS if block <= most)
        limits = norm_eps, least, largest_code
        _row_kernel[(rows,)](x, codes, scale, columns, *limits, block, num_warps=warps)
    return codes, scale


@triton.jit
def _row_kernel(x, codes, scale, columns, norm_eps, least, largest_code, BLOCK: tl.constexpr):
    row = tl.program_id(0).to(tl.int64)
    column = tl.arange(0, BLOCK)
    inside = column < columns
    value = tl.load(x + row * columns + column, inside, 0.0).to(tl.float32)
    # Without the first entry, so that what is left of nearly equal entries is exact.
    value = tl.where(inside, value - tl.load(x + row * columns).to(tl.float32), 0.0)
    centered = tl.where(inside, value - tl.sum(value, 0) / columns, 0.0)
    variance = tl.sum(centered * centered, 0) / columns
    normal = centered / tl.sqrt(variance + norm_eps)
    width = tl.maximum(tl.max(tl.abs(normal), 0), least) / largest_code
    finite = variance < float("inf")
    tl.store(scale + row, tl.where(finite, width, float("nan")))
    tl.store(codes + row * columns + column, _round(tl.where(finite, normal / width, 0.0)), inside)


@triton.jit
def _round(value):
    """To the nearest integer, halves to even: adding 1.5 * 2^23 leaves no bits for a fraction."""
    return ((value + 12582912.0) - 12582912.0).to(tl.int8)
