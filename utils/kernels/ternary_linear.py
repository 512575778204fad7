"""Linear layer with packed ternary weights and int8 activations (BitNet b1.58, chapter 11)."""

import torch

from utils.errors import FrugalError
from utils.kernels import checks
from utils.kernels.costs import Cost
from utils.kernels.group_quantize import group_quantize
from utils.kernels.operation import Operation, Promise
from utils.kernels.ternary_pack import PackedTernary, bytes_per_row, unpack_ternary

# |code * activation| <= 2 * 128 with the codes 0, 1, 2 of the fast paths: the sum must fit in an int32.
MOST_COLUMNS = 2**31 // 256 - 1
OP = Operation(
    "ternary_linear",
    chapter=11,
    says="the integer product of int8 activations with packed ternary weights, times both scales",
    source="Nielsen and Schneider-Kamp, BitNet b1.58 Reloaded (arXiv:2407.09527)",
    gradient="refused",
    promises={
        "2bit, 4096 x 4096, batch 1": Promise(load=8),
        "2bit, 4096 x 4096, batch 256": Promise(load=16, matrix=True),
        "base3, 4096 x 5120, batch 1": Promise(load=8),
        "base3, 4096 x 5120, batch 256": Promise(load=16, matrix=True),
    },
)


@OP
def ternary_linear(
    x: torch.Tensor,
    x_scale: torch.Tensor | None,
    packed: PackedTernary,
    bias: torch.Tensor | None = None,
    backend: str = "auto",
) -> torch.Tensor:
    """Compute ``y = x codes^T * (x_scale * w_scale) + bias``; the integer product is exact.

    Float activations are rounded in the call, each row to ``round(x / x_scale)``, ``x_scale = max|x| / 127``.

    Parameters
    ----------
    x : int8 tensor (B, K), codes of the activations; ``x * x_scale[:, None]`` are their values; or float32
        tensor (B, K), the values
    x_scale : float32 tensor (B,); None for float activations
    packed : weights (N, K) from ``pack_ternary``, with their w_scale
    bias : float32 tensor (N,) or None, added after de-quantization
    backend : "auto", "reference", "triton" or "numba"

    Returns
    -------
    float32 tensor (B, N). Forward only: training uses the latent float weights.
    A scale that is zero, infinite or NaN gives what IEEE multiplication gives in its row; a float row that
    holds NaN or infinity gives NaN throughout.

    Raises
    ------
    FrugalError
        for wrong shapes, dtypes or devices, or K above 8,388,607 (the int32 sum could overflow).

    References
    ----------
    Nielsen and Schneider-Kamp, BitNet b1.58 Reloaded (arXiv:2407.09527): the released layer's integer
    product, with the bias added after both scales.
    """
    _check(x, x_scale, packed, bias)
    chosen = OP.choose(backend, x.device)
    if x_scale is None and (chosen != "numba" or packed.base == "base3"):  # which rounds in its own call
        rounded = group_quantize(x, 8, "row", backend=chosen)
        x, x_scale = rounded.codes, rounded.scale[:, 0] if x.shape[1] else x.new_zeros(x.shape[0])
    if chosen == "triton":
        packed = packed.with_tiles(False)
    return OP.implementation(chosen)(x, x_scale, packed, bias)


def ternary_linear_reference(
    x: torch.Tensor, x_scale: torch.Tensor, packed: PackedTernary, bias: torch.Tensor | None
) -> torch.Tensor:
    """The definition: unpack, multiply, scale. Exact in float64 up to K = 2^53 / 128."""
    product = x.double() @ unpack_ternary(packed).double().T
    y = product.float() * (packed.scale * x_scale)[:, None]
    return y if bias is None else y + bias


def cost(batch: int, rows: int, columns: int, base: str = "2bit") -> Cost:
    """Operations and bytes of one call: 2 B N K; the codes, x and both scales in, float32 out."""
    weights = rows * bytes_per_row(columns, base) + 4
    return Cost(2 * batch * rows * columns, weights + batch * (columns + 4), 4 * batch * rows)


def _check(
    x: torch.Tensor, x_scale: torch.Tensor | None, packed: PackedTernary, bias: torch.Tensor | None
) -> None:
    checks.kind("packed", packed, PackedTernary, "make it by pack_ternary")
    rows, columns = packed.shape
    checks.dimensions("x", x, 2)
    checks.dtype("x", x, torch.int8, torch.float32)
    checks.shape("x", x, x.shape[0], columns)
    if (x.dtype == torch.int8) != (x_scale is not None):
        raise FrugalError("x_scale belongs to int8 activations: give it with int8, None with float32.")
    if x_scale is not None:
        checks.shape("x_scale", x_scale, x.shape[0])
        checks.dtype("x_scale", x_scale, torch.float32)
    checks.at_most("the number of columns", columns, MOST_COLUMNS, "the int32 sum could overflow")
    if bias is not None:
        checks.shape("bias", bias, rows)
        checks.dtype("bias", bias, torch.float32)
