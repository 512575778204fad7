"""Quantization to k-bit integers with a scale for the tensor, each row or each group (chapter 13)."""

from dataclasses import replace

import torch

from utils.errors import FrugalError
from utils.kernels import checks
from utils.kernels.costs import Cost
from utils.kernels.group_formats import GroupQuantized, limits, scales, spread
from utils.kernels.operation import Operation, Promise
from utils.kernels.random_words import check_seed, random_words
from utils.kernels.straight_through import straight_through

BITS = tuple(range(1, 9))


OP = Operation(
    "group_quantize",
    chapter=13,
    says="codes of 1 to 8 bits, symmetric or not, with a scale per tensor, row or group of columns",
    source="Hao et al., Low-Precision Training of Large Language Models (arXiv:2505.01043)",
    promises={
        "4 bits, symmetric, groups of 128, nearest": Promise(load=16),
        "4 bits, symmetric, groups of 128, stochastic": Promise(load=16),
    },
)


@OP
def group_quantize(
    x: torch.Tensor,
    bits: int,
    group: int | str = "row",
    symmetric: bool = True,
    seed: int | None = None,
    step: int = 0,
    backend: str = "auto",
) -> GroupQuantized:
    """Compute ``codes = clip(round(x / scale) + zero)``, the scale set by the extremes of each group.

    Symmetric: codes from -L to L with L = 2^(bits-1) - 1 and ``scale = max|x| / L``; with 1 bit the sign, -1
    or +1, and ``scale = mean|x|``. Asymmetric: codes from 0 to L = 2^bits - 1, ``scale = max(x, 0) / L -
    min(x, 0) / L`` and ``zero = round(-min(x, 0) / scale)``, so that 0.0 has a code of its own.

    Parameters
    ----------
    x : float32, bfloat16 or float16 tensor (N, K)
    bits : 1 to 8
    group : "tensor", "row", or the number of neighboring columns that share a scale (the last group of a row
        may be shorter)
    symmetric : whether 0.0 is code 0
    seed, step : None rounds to nearest, halves to even; else stochastically, ``floor(x / scale + r)``, the
        random bits of element i depending on (seed, step, i) alone
    backend : "auto", "reference", "triton" or "numba" ("reference" only for 1 symmetric bit)

    Returns
    -------
    GroupQuantized. All arithmetic is float32. A group with NaN or infinity has scale NaN and codes of zero; a
    group of zeros, or one so small that its scale is zero in float32, has scale 0. A zero point moves the
    ends by up to half a step, so extremes that close to the largest float decode to infinity.

    Raises
    ------
    FrugalError
        for another shape, dtype, number of bits or group, a seed or step out of range, or 1 symmetric bit
        with a seed (its scale is no maximum, so no rounding could be unbiased).

    References
    ----------
    Hao et al., Low-Precision Training of Large Language Models (arXiv:2505.01043), its integer class; 1 bit
    after Rastegari et al., XNOR-Net (arXiv:1603.05279).
    """
    _check(x, bits, group, symmetric, seed, step)
    among = ("reference",) if bits == 1 and symmetric else OP.backends
    run = OP.implementation(OP.choose(backend, x.device, *among))
    x = x.detach().contiguous()
    rows = (1, x.numel()) if group == "tensor" else tuple(x.shape)
    size = max(1, rows[1] if isinstance(group, str) else group)
    codes, scale, zero = run(x.reshape(rows), size, bits, symmetric, seed, step)
    return GroupQuantized(codes.reshape(x.shape), scale, None if symmetric else zero, bits, size)


def group_dequantize(quantized: GroupQuantized) -> torch.Tensor:
    """The values of the codes, float32 (N, K); NaN throughout a group whose scale is NaN."""
    checks.kind("quantized", quantized, GroupQuantized, "make it by group_quantize")
    codes, scale = quantized.codes, quantized.scale
    if codes.numel() == 0:
        return codes.float()
    rows = (scale.shape[0], codes.numel() // scale.shape[0])
    steps = codes.reshape(rows).float()
    if quantized.zero is not None:
        steps = steps - spread(quantized.zero, quantized.group, rows[1])
    return (steps * spread(scale, quantized.group, rows[1])).reshape(codes.shape)


@replace(OP, gradient="flows")
def fake_quantize(x: torch.Tensor, bits: int, group: int | str = "row", **options: object) -> torch.Tensor:
    """``group_dequantize(group_quantize(x, ...))`` with the gradient of the identity (straight-through)."""
    return straight_through(x, group_dequantize(group_quantize(x, bits, group, **options)).to(x.dtype))


def group_quantize_reference(x, group, bits, symmetric, seed, step):
    """The definition, in passes over the whole tensor."""
    x = x.float()
    blocks = _padded(x, group)
    largest, smallest = blocks.amax(2), blocks.amin(2)
    finite = largest.isfinite() & smallest.isfinite()
    if bits == 1 and symmetric:
        counts = _padded(torch.ones_like(x), group).sum(2)
        scale = (blocks.double().abs().sum(2) / counts).float()
        scale = torch.where(finite, scale, torch.nan)
        signs = torch.where(x < 0, -1, 1) * spread(finite, group, x.shape[1])
        return signs.to(torch.int8), scale, None
    scale, zero = scales(largest, smallest, bits, symmetric)
    steps = x / spread(scale, group, x.shape[1])
    steps = torch.where(spread(scale > 0, group, x.shape[1]), steps, 0)
    first, last, dtype = limits(bits, symmetric)
    zeros = spread(zero, group, x.shape[1]).float()
    codes = (_rounded(steps, seed, step) + zeros).clamp(first, last)
    return codes.to(dtype), scale, zero.to(torch.uint8)


def cost(rows: int, columns: int, bits: int, group: int, bytes_per_value: int = 4) -> Cost:
    """About six operations per value (two comparisons, divide, round, clip); x in, byte codes, scales out."""
    values = rows * columns
    return Cost(6 * values, bytes_per_value * values, values + 4 * rows * -(-columns // group))


def _rounded(steps: torch.Tensor, seed: int | None, step: int) -> torch.Tensor:
    if seed is None:
        return steps.round()
    words = random_words(steps.numel(), seed, step, steps.device).reshape(steps.shape)
    # 24 of the bits, which float32 holds exactly, against the exact fraction: no rounding can add a bias.
    whole = steps.floor()
    return whole + ((words >> 8).float() * 2.0**-24 < steps - whole)


def _padded(x: torch.Tensor, group: int) -> torch.Tensor:
    """View x (N, K) as (N, groups, group), the last group filled with zeros, which move no scale."""
    missing = -x.shape[1] % group
    padded = torch.nn.functional.pad(x, (0, missing))
    return padded.reshape(x.shape[0], (x.shape[1] + missing) // group, group)


def _check(x, bits, group, symmetric, seed, step) -> None:
    checks.dimensions("x", x, 2)
    checks.dtype("x", x, *checks.UP_TO_FLOAT32)
    checks.option("bits", bits, *BITS)
    if isinstance(group, str):
        checks.option("group", group, "tensor", "row")
    else:
        checks.integer("group", group, 1, "it is a number of columns")
    check_seed(seed, step)
    if bits == 1 and symmetric and seed is not None:
        raise FrugalError("1 symmetric bit cannot be rounded without bias; take 2 bits, or asymmetric codes.")
