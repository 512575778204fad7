"""Linear layer with packed power-of-two weights, float32 or int8 activations (DenseShift, chapter 12)."""

import torch

from utils.errors import FrugalError
from utils.kernels import checks
from utils.kernels.costs import Cost
from utils.kernels.operation import Operation, Promise
from utils.kernels.power_of_two_pack import PackedPowerOfTwo, bytes_per_row, unpack_power_of_two

# |weight * activation| <= 128 * 2**exponent, and the sum of K of them must fit in an int32.
MOST_COLUMNS = {bits: 2**24 // 2 ** (2 ** (bits - 1) - 1) - 1 for bits in (2, 3, 4)}
OP = Operation(
    "power_of_two_linear",
    chapter=12,
    says="the product of int8 or float32 activations with packed powers of two",
    source="Li et al., DenseShift (arXiv:2208.09708)",
    gradient="refused",
    promises={
        "3 bits, int8, 4096 x 4096, batch 1": Promise(),
        "3 bits, int8, 4096 x 4096, batch 256": Promise(matrix=True),
        "3 bits, float32, 4096 x 4096, batch 1": Promise(),
        "3 bits, float32, 4096 x 4096, batch 256": Promise(matrix=True),
    },
)


@OP
def power_of_two_linear(
    x: torch.Tensor,
    packed: PackedPowerOfTwo,
    x_scale: torch.Tensor | None = None,
    bias: torch.Tensor | None = None,
    backend: str = "auto",
) -> torch.Tensor:
    """Compute ``y = x W^T + bias`` with ``W = sign * 2**exponent * scale``.

    Parameters
    ----------
    x : float32 tensor (B, K), or int8 tensor (B, K) of codes; ``x * x_scale[:, None]`` are their values
    packed : weights (N, K) from ``pack_power_of_two``, with their scale
    x_scale : float32 tensor (B,), by which each row of the result is multiplied; only for int8
    bias : float32 tensor (N,) or None, added last
    backend : "auto", "reference", "triton" or "numba"

    Returns
    -------
    float32 tensor (B, N). Forward only: training uses the latent float weights. The products are exact: a
    power of two changes only the exponent of a float. With float32 the sums are float32, in any order, so NaN
    and infinity spread over their row as IEEE sums do; with int8 the sum is exact. A scale that is zero,
    infinite or NaN gives what IEEE arithmetic gives. On a GPU several rows of float32 are added less exactly,
    within a bound that ``power_of_two_linear_triton`` derives.

    Raises
    ------
    FrugalError
        for wrong shapes, dtypes or devices, int8 without or float32 with ``x_scale``, or so many int8 columns
        that the int32 sum could overflow (``MOST_COLUMNS``: 131,071 with 4 bits).

    References
    ----------
    Li et al., DenseShift (arXiv:2208.09708), the layer at inference; the scales are ours.
    """
    _check(x, packed, x_scale, bias)
    run = OP.pick(backend, x.device)
    return run(x, packed, x_scale, bias)


def power_of_two_linear_reference(
    x: torch.Tensor, packed: PackedPowerOfTwo, x_scale: torch.Tensor | None, bias: torch.Tensor | None
) -> torch.Tensor:
    """The definition: unpack, multiply, scale. The integer product is exact in float64."""
    signs, exponents = unpack_power_of_two(packed)
    number = torch.float32 if x_scale is None else torch.float64
    y = (x.to(number) @ torch.ldexp(signs.to(number), exponents.int()).T).float()
    if x_scale is not None:
        y = y * x_scale[:, None]
    y = y * packed.scale
    return y if bias is None else y + bias


def cost(batch: int, rows: int, columns: int, bits: int, x_bytes: int = 4) -> Cost:
    """2 B N K operations; codes and one scale, x (and a scale per int8 row) in, float32 out."""
    weights = rows * bytes_per_row(columns, bits) + 4
    activations = batch * (x_bytes * columns + (4 if x_bytes == 1 else 0))
    return Cost(2 * batch * rows * columns, weights + activations, 4 * batch * rows)


def _check(
    x: torch.Tensor, packed: PackedPowerOfTwo, x_scale: torch.Tensor | None, bias: torch.Tensor | None
) -> None:
    checks.kind("packed", packed, PackedPowerOfTwo, "make it by pack_power_of_two")
    rows, columns = packed.shape
    checks.dimensions("x", x, 2)
    checks.dtype("x", x, torch.float32, torch.int8)
    checks.shape("x", x, x.shape[0], columns)
    if (x.dtype == torch.int8) != (x_scale is not None):
        raise FrugalError(
            "x_scale belongs to int8 activations: give it with int8, leave it out with float32."
        )
    if x_scale is not None:
        checks.shape("x_scale", x_scale, x.shape[0])
        checks.dtype("x_scale", x_scale, torch.float32)
        reason = "the int32 sum could overflow"
        checks.at_most("the number of columns", columns, MOST_COLUMNS[packed.bits], reason)
    if bias is not None:
        checks.shape("bias", bias, rows)
        checks.dtype("bias", bias, torch.float32)
