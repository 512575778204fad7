"""Floating-point formats below 32 bits: what they can hold, and their bit patterns."""

from dataclasses import dataclass
from functools import cache

import torch


@dataclass(frozen=True)
class FloatFormat:
    """Sign, exponent and mantissa of a small float.

    A code is the sign bit above the magnitude; magnitudes count up from zero in steps of one code, subnormals
    first. So a magnitude is ``(e - least_exponent) * 2**m + q`` for the value ``q * 2**(e - m)``.

    Attributes
    ----------
    exponent_bits, mantissa_bits : stored bits; with the sign they are ``bits``
    largest : the largest finite value, to which everything beyond saturates
    """

    name: str
    exponent_bits: int
    mantissa_bits: int
    largest: float

    @property
    def bits(self) -> int:
        """Bits of a number, its sign included."""
        return 1 + self.exponent_bits + self.mantissa_bits

    @property
    def least_exponent(self) -> int:
        """Exponent of the smallest normal number; subnormals share it."""
        return 2 - 2 ** (self.exponent_bits - 1)

    @property
    def largest_exponent(self) -> int:
        """Exponent of the largest number: floor(log2(largest))."""
        return int(torch.frexp(torch.tensor(self.largest, dtype=torch.float32, device="cpu")).exponent) - 1

    @property
    def least(self) -> float:
        """The smallest positive number, a subnormal: one step from zero."""
        return 2.0 ** (self.least_exponent - self.mantissa_bits)


class FixedPoint(FloatFormat):
    """Evenly spaced numbers written as a float with one exponent bit: code q is q * 2**-mantissa_bits."""

    @property
    def least_exponent(self) -> int:
        """Exponent of the smallest step: none, for whole numbers."""
        return 0


# bfloat16 and float16 are those of IEEE 754 style hardware; the 8-bit ones are those of OCP (Micikevicius et
# al., arXiv:2209.05433), the smaller ones those of the MX specification (Rouhani et al., arXiv:2310.10537).
FORMATS = {
    form.name: form
    for form in (
        FloatFormat("bfloat16", 8, 7, (2 - 2.0**-7) * 2.0**127),
        FloatFormat("float16", 5, 10, 65504.0),
        FloatFormat("e4m3", 4, 3, 448.0),
        FloatFormat("e5m2", 5, 2, 57344.0),
        FloatFormat("e3m2", 3, 2, 28.0),
        FloatFormat("e2m3", 2, 3, 7.5),
        FloatFormat("e2m1", 2, 1, 6.0),
    )
}
# The element formats of MX blocks; int8 elements are from -127 / 64 to 127 / 64.
MX_FORMATS = {name: FORMATS[name] for name in ("e4m3", "e5m2", "e3m2", "e2m3", "e2m1")}
MX_FORMATS["int8"] = FixedPoint("int8", 1, 6, 127 / 64)


def magnitudes(form: FloatFormat) -> torch.Tensor:
    """The values of the codes with sign 0 in order, float64; codes above the largest value are left out."""
    code = torch.arange(2 ** (form.bits - 1), dtype=torch.int64, device="cpu")
    field, fraction = code >> form.mantissa_bits, code % 2**form.mantissa_bits
    hidden = (field > 0) * 2**form.mantissa_bits
    exponent = field.clamp(min=1) - 1 + form.least_exponent - form.mantissa_bits
    value = torch.ldexp((fraction + hidden).double(), exponent)
    return value[value <= form.largest]


@cache
def decoded(name: str) -> torch.Tensor:
    """The float32 value of every code of a format of at most 8 bits; NaN where there is no finite one."""
    form = MX_FORMATS[name]
    values = torch.full((2, 2 ** (form.bits - 1)), torch.nan, dtype=torch.float32, device="cpu")
    positive = magnitudes(form).float()
    values[0, : positive.numel()] = positive
    values[1, : positive.numel()] = -positive
    return values.flatten()
