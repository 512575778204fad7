"""Layer norm, row maximum and int8 quantization of activations in one pass (BitNet b1.58, chapter 11)."""

import torch

from utils.kernels import checks
from utils.kernels.costs import Cost
from utils.kernels.operation import Operation, Promise

NORM_EPS = 1e-5  # added to the variance
LEAST_MAXIMUM = 1e-5  # so that a constant row, which the norm maps to zeros, has a finite scale
LARGEST_CODE = 127
MOST_ON_GPU = 2**15  # columns of a row that fits in the registers of a program
OP = Operation(
    "layernorm_quantize",
    chapter=11,
    says="layer norm over the last axis, the row's maximum and int8 codes in one pass",
    source="Nielsen and Schneider-Kamp, BitNet b1.58 Reloaded (arXiv:2407.09527)",
    promises={
        "rows of 4096, float32": Promise(load=16),
        "rows of 16384, bfloat16": Promise(load=16),
    },
)


@OP
def layernorm_quantize(x: torch.Tensor, backend: str = "auto") -> tuple[torch.Tensor, torch.Tensor]:
    """Compute ``codes = round(LN(x) / scale)``, ``scale = max(max_k |LN(x)_k|, 1e-5) / 127`` for each row.

    Parameters
    ----------
    x : float32, bfloat16 or float16 tensor (B, K)
    backend : "auto", "reference", "triton" (up to 32,768 columns, which a program can hold) or "numba"

    Returns
    -------
    codes : int8 tensor (B, K), from -127 to 127; scale : float32 tensor (B,). ``codes * scale[:, None]`` are
    the values of LN(x). The norm has no learned parameters and runs in float32. A row with NaN or infinity,
    or so large that its float32 variance overflows (entries beyond about 1e19), gives scale NaN and codes 0;
    a constant row gives codes 0. Rounding takes halves to the even code; back ends may differ by one code
    where LN(x) / scale lies within rounding error of a half.

    Raises
    ------
    FrugalError
        for another shape or dtype, or rows without columns.

    References
    ----------
    Nielsen and Schneider-Kamp, BitNet b1.58 Reloaded (arXiv:2407.09527), the released layer, with Q = 127
    and the norm over the last axis only; the paper's s_x is one over our scale.
    """
    checks.dimensions("x", x, 2)
    checks.dtype("x", x, *checks.UP_TO_FLOAT32)
    checks.at_least("the number of columns", x.shape[1], 1, "a row without entries has no mean")
    among = OP.backends if x.shape[1] <= MOST_ON_GPU else ("reference", "numba")
    run = OP.implementation(OP.choose(backend, x.device, *among))
    return run(x.detach().contiguous(), NORM_EPS, LEAST_MAXIMUM, LARGEST_CODE)


def layernorm_quantize_reference(
    x: torch.Tensor, norm_eps: float, least: float, largest_code: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """The definition, in passes over the whole of x."""
    x = x.float()
    x = x - x[:, :1]  # the norm does not see it, and what is left of nearly equal entries is exact
    variance, mean = torch.var_mean(x, dim=1, correction=0, keepdim=True)
    normal = (x - mean) / (variance + norm_eps).sqrt()
    scale = normal.abs().amax(dim=1).clamp(min=least) / largest_code
    scale = torch.where(variance[:, 0].isfinite(), scale, torch.nan)
    codes = (normal / scale[:, None]).round().clamp(-largest_code, largest_code)
    return codes.nan_to_num(0).to(torch.int8), scale


def cost(rows: int, columns: int, bytes_per_value: int = 4) -> Cost:
    """About nine operations per value (two sums, norm, maximum, scale, round); x in, codes and scales out."""
    return Cost(9 * rows * columns, bytes_per_value * rows * columns, rows * (columns + 4))
