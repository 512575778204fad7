"""Microscaling (MX): blocks of small floats that share a power-of-two scale (chapter 13)."""

from dataclasses import dataclass, replace

import torch

from utils.kernels import checks
from utils.kernels.costs import Cost
from utils.kernels.float_formats import MX_FORMATS, FloatFormat, decoded
from utils.kernels.float_round import float_round_reference
from utils.kernels.operation import Operation, Promise
from utils.kernels.random_words import check_seed
from utils.kernels.stored import Stored
from utils.kernels.straight_through import straight_through

BLOCK = 32  # elements that share an exponent, as the specification has it
BIAS, BROKEN = 127, 255  # of the shared exponent's byte (E8M0); BROKEN stands for NaN


OP = Operation(
    "mx_quantize",
    chapter=13,
    says="the MX formats: blocks of small floats or int8 that share a power of two",
    source="Rouhani et al., Microscaling Data Formats for Deep Learning (arXiv:2310.10537)",
    promises={
        "e4m3, blocks of 32, nearest": Promise(load=16),
        "e2m1, blocks of 32, stochastic": Promise(load=16),
    },
)


@dataclass(frozen=True)
class MXQuantized(Stored):
    """A matrix (N, K) in an MX format: ``value = element * scale`` with the scale of the element's block.

    Attributes
    ----------
    codes : uint8 tensor (N, K), the elements' bits: sign, exponent, mantissa; two's complement for int8
    exponents : uint8 tensor (N, ceil(K / block)); 255 marks a block that holds NaN or infinity
    form : "e4m3", "e5m2", "e3m2", "e2m3", "e2m1" or "int8"
    block : elements of a row that share an exponent
    """

    codes: torch.Tensor
    exponents: torch.Tensor
    form: str
    block: int = BLOCK

    def __post_init__(self):
        checks.dimensions("codes", self.codes, 2)
        checks.shape("exponents", self.exponents, self.codes.shape[0], -(-self.codes.shape[1] // self.block))

    @property
    def scale(self) -> torch.Tensor:
        """``2**(exponent - 127)``, float32 tensor (N, ceil(K / block)); NaN where the exponent is 255."""
        ones = torch.ones_like(self.exponents, dtype=torch.float64)
        scale = torch.ldexp(ones, self.exponents.int() - BIAS).float()
        return torch.where(self.exponents == BROKEN, torch.nan, scale)

    @property
    def bytes(self) -> int:
        """Bytes with the codes packed (``bit_pack``): 4.25 bits an element for e2m1 in blocks of 32."""
        return -(-self.codes.numel() * MX_FORMATS[self.form].bits // 8) + self.exponents.numel()


@OP
def mx_quantize(
    x: torch.Tensor,
    form: str,
    seed: int | None = None,
    step: int = 0,
    block: int = BLOCK,
    backend: str = "auto",
) -> MXQuantized:
    """Quantize blocks of neighbors along the last axis: ``element = round(x / 2**E)``.

    ``E = max(floor(log2(max|x|)) - e, -127)`` with e the exponent of the format's largest number.

    Parameters
    ----------
    x : float32 tensor (N, K); for blocks along the other axis give the transpose
    form : "e4m3", "e5m2", "e3m2", "e2m3", "e2m1" or "int8"
    seed, step : None rounds to nearest, halves to even; else stochastically, see ``float_round``
    block : a power of two, 32 in the specification; the last block of a row may be shorter
    backend : "auto", "reference", "triton" or "numba"

    Returns
    -------
    MXQuantized. Scaled values between the format's largest number and ``2**(e + 1)`` saturate (for e2m1 all
    from 6 to 8), so stochastic rounding is unbiased only if x is multiplied by 3/4 before, and by 4/3 after
    (arXiv:2502.20586). A block with NaN or infinity has exponent 255 and codes 0, and is NaN when decoded.

    Raises
    ------
    FrugalError
        for another shape, dtype, format or block, a seed or step out of range.

    References
    ----------
    Rouhani et al., Microscaling Data Formats for Deep Learning (arXiv:2310.10537), algorithm 1.
    """
    checks.dimensions("x", x, 2)
    checks.dtype("x", x, torch.float32)
    checks.option("form", form, *MX_FORMATS)
    checks.option("block", block, *(2**i for i in range(13)))
    check_seed(seed, step)
    run = OP.pick(backend, x.device)
    codes, exponents = run(x.detach().contiguous(), MX_FORMATS[form], seed, step, block)
    return MXQuantized(twos_complement(codes) if form == "int8" else codes, exponents, form, block)


def mx_dequantize(quantized: MXQuantized) -> torch.Tensor:
    """The values, float32 (N, K)."""
    checks.kind("quantized", quantized, MXQuantized, "make it by mx_quantize")
    codes = quantized.codes
    if quantized.form == "int8":
        codes = twos_complement(codes)
    values = decoded(quantized.form).to(codes.device)[codes.int()]
    return values * quantized.scale.repeat_interleave(quantized.block, dim=1)[:, : codes.shape[1]]


@replace(OP, gradient="flows")
def mx_round(x: torch.Tensor, form: str, **options: object) -> torch.Tensor:
    """``mx_dequantize(mx_quantize(x, ...))`` with the gradient of the identity (straight-through)."""
    return straight_through(x, mx_dequantize(mx_quantize(x, form, **options)))


def mx_quantize_reference(
    x: torch.Tensor, form: FloatFormat, seed: int | None, step: int, block: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """The definition: scale exactly, round, and look the code of each rounded magnitude up."""
    columns = x.shape[1]
    blocks = torch.nn.functional.pad(x, (0, -columns % block)).reshape(
        x.shape[0], -(-columns // block), block
    )
    largest = blocks.abs().amax(2)
    exponent = torch.frexp(largest).exponent - 1 - form.largest_exponent
    exponent = torch.where(largest > 0, exponent, -BIAS).clamp(min=-BIAS)
    shift = exponent.repeat_interleave(block, dim=1)[:, :columns]
    finite = largest.isfinite()
    whole = finite.repeat_interleave(block, dim=1)[:, :columns]
    scaled = torch.ldexp(torch.where(whole, x, 0).double(), -shift)
    values = float_round_reference(scaled, form, seed, step)
    table = decoded(form.name)[: 2 ** (form.bits - 1)]
    codes = torch.searchsorted(table[~table.isnan()].to(x.device), values.abs())
    codes += (x.signbit() & whole) * 2 ** (form.bits - 1)
    return codes.to(torch.uint8), torch.where(finite, exponent + BIAS, BROKEN).to(torch.uint8)


def twos_complement(codes: torch.Tensor) -> torch.Tensor:
    """uint8 codes of sign and magnitude as two's complement, and back: the same operation."""
    return torch.where(codes < 128, codes, 128 - codes.int() & 255).to(torch.uint8)


def cost(rows: int, columns: int, block: int = BLOCK, stochastic: bool = False) -> Cost:
    """About 18 integer operations an element (20 more for a random word); float32 in, bytes out."""
    values = rows * columns
    return Cost((38 if stochastic else 18) * values, 4 * values, values + rows * -(-columns // block))
