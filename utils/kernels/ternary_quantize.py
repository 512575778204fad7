"""Ternary quantization of a weight matrix by its mean or exact lower median (BitNet b1.58, chapter 11)."""

import torch

from utils.errors import FrugalError
from utils.kernels import checks
from utils.kernels.costs import Cost
from utils.kernels.operation import Operation, Promise

OP = Operation(
    "ternary_quantize",
    chapter=11,
    says="ternary codes of a weight matrix, its scale the mean or the exact median of the magnitudes",
    source="Nielsen and Schneider-Kamp, BitNet b1.58 Reloaded (arXiv:2407.09527)",
    promises={
        "mean, float32, 4096 x 4096": Promise(load=16),
        "median, float32, 4096 x 4096": Promise(load=16),
    },
)


@OP
def ternary_quantize(
    weight: torch.Tensor, measure: str = "mean", eps: float = 1e-5, backend: str = "auto"
) -> tuple[torch.Tensor, torch.Tensor]:
    """Compute ``codes = clip(round(W / scale), -1, 1)`` with ``scale = max(measure(|W|), eps)``.

    Parameters
    ----------
    weight : float32, bfloat16 or float16 tensor (N, K), not empty
    measure : "mean" or "median" of all |W|; the lower median where the number of weights is even
    eps : the least measure
    backend : "auto", "reference", "triton" or "numba"

    Returns
    -------
    codes : int8 tensor (N, K); scale : float32 tensor (). ``codes * scale`` are the values. The measure is
    rounded to float32 once (the mean's sum is float64), and the codes are exact for that scale. NaN among the
    weights gives scale NaN and codes 0; an infinite mean gives scale infinity and codes 0; infinite weights
    do not move the median as long as they are fewer than half, and have codes +-1.

    Raises
    ------
    FrugalError
        for another shape, dtype or measure, or an empty matrix.

    References
    ----------
    Nielsen and Schneider-Kamp, BitNet b1.58 Reloaded (arXiv:2407.09527): AbsMean and AbsMedian; the paper's
    s_w is one over our scale.
    """
    checks.dimensions("weight", weight, 2)
    checks.dtype("weight", weight, *checks.UP_TO_FLOAT32)
    checks.option("measure", measure, "mean", "median")
    checks.number("eps", eps, 0)
    if weight.numel() == 0:
        raise FrugalError("weight is empty, so it has no mean or median; give it at least one entry.")
    run = OP.pick(backend, weight.device)
    return run(weight.detach().contiguous(), measure, eps)


def ternary_quantize_reference(
    weight: torch.Tensor, measure: str, eps: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """The definition, in passes over the whole matrix; PyTorch's median is the lower one.

    ``round(u)`` clipped to [-1, 1] is +-1 exactly where ``2 |u| > 1``: a half goes to the even 0.
    """
    size = weight.float().abs()
    center = size.median() if measure == "median" else size.double().mean()
    scale = center.float().clamp(min=eps)
    return (weight.sign() * (2 * size > scale)).nan_to_num(0).to(torch.int8), scale


def cost(rows: int, columns: int, bytes_per_weight: int, measure: str = "mean") -> Cost:
    """One pass for the measure (three for a float32 median), one to quantize; one byte a code out."""
    weights = rows * columns
    passes = 2 + (2 if measure == "median" and bytes_per_weight == 4 else 0)
    return Cost((passes + 3) * weights, passes * bytes_per_weight * weights, weights)
