"""Quantization to 8-bit floats with a scale for the tensor, each row or each group (chapter 13)."""

import torch

from utils.kernels import checks
from utils.kernels.costs import Cost
from utils.kernels.float_formats import FORMATS
from utils.kernels.float_round import float_round
from utils.kernels.operation import Operation

DTYPES = {"e4m3": torch.float8_e4m3fn, "e5m2": torch.float8_e5m2}
OP = Operation(
    "fp8_quantize",
    chapter=13,
    says="8-bit floats (e4m3, e5m2) with a scale per tensor, row or group of columns",
    source="Micikevicius et al., FP8 Formats for Deep Learning (arXiv:2209.05433)",
    backends=("reference",),  # a composition: the rounding has back ends of its own
)


@OP
def fp8_quantize(
    x: torch.Tensor,
    form: str = "e4m3",
    group: int | str = "tensor",
    seed: int | None = None,
    step: int = 0,
    backend: str = "auto",
) -> tuple[torch.Tensor, torch.Tensor]:
    """Compute ``codes = round(x / scale)`` with ``scale = max|x| / largest`` for each group.

    Parameters
    ----------
    x : float32 tensor (N, K)
    form : "e4m3" (largest 448) or "e5m2" (largest 57344)
    group : "tensor", "row", or the number of neighboring columns that share a scale
    seed, step : None rounds to nearest, halves to even; else stochastically, see ``float_round``
    backend : "auto", "reference", "triton" or "numba", of the rounding

    Returns
    -------
    codes : float8_e4m3fn or float8_e5m2 tensor (N, K)
    scale : float32 tensor (N, groups), (1, 1) for the tensor
    ``codes.float() * scale`` are the values. A group of zeros has scale 0; one with NaN has scale and codes
    NaN; one with infinity has scale infinity, codes 0 and NaN at the infinity.

    Raises
    ------
    FrugalError
        for another shape, dtype, format or group, a seed or step out of range.

    References
    ----------
    Micikevicius et al., FP8 Formats for Deep Learning (arXiv:2209.05433), with the current maximum as scale.
    """
    checks.dimensions("x", x, 2)
    checks.dtype("x", x, torch.float32)
    checks.option("form", form, *DTYPES)
    scale = fp8_scale(x.detach(), form, group)
    width = torch.where(scale == 0, 1, scale)
    if isinstance(group, str):
        steps = x.detach() / width
    else:
        steps = (_blocks(x.detach(), group) / width[:, :, None]).flatten(1)[:, : x.shape[1]]
    return float_round(steps, form, seed, step, backend).to(DTYPES[form]), scale


def fp8_scale(x: torch.Tensor, form: str, group: int | str) -> torch.Tensor:
    """The largest magnitude of each group over the format's largest number, float32 (N, groups)."""
    if isinstance(group, str):
        checks.option("group", group, "tensor", "row")
        rows = x.reshape(1, -1) if group == "tensor" else x
        if rows.shape[1] == 0:
            return rows.new_zeros(rows.shape[0], 1)
        return torch.maximum(rows.amax(1, True), -rows.amin(1, True)) / FORMATS[form].largest
    checks.integer("group", group, 1, "it is a number of columns")
    blocks = _blocks(x, group)
    return torch.maximum(blocks.amax(2), -blocks.amin(2)) / FORMATS[form].largest


def _blocks(x: torch.Tensor, group: int) -> torch.Tensor:
    """View x (N, K) as (N, groups, group), the last group filled with zeros, which move no scale."""
    padded = torch.nn.functional.pad(x, (0, -x.shape[1] % group))
    return padded.reshape(x.shape[0], padded.shape[1] // group, group)


def cost(rows: int, columns: int, group: int, stochastic: bool = False) -> Cost:
    """Maximum, division, about 15 integer operations (20 more for a random word); float32 in, bytes out."""
    values = rows * columns
    return Cost((37 if stochastic else 17) * values, 4 * values, values + 4 * rows * -(-columns // group))
