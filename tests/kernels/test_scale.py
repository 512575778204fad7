"""One meaning of scale in all formats: a code times its scale is the value."""

import pytest
import torch

from utils.arena.technique import deploy_int8
from utils.kernels.float_formats import MX_FORMATS, decoded
from utils.kernels.fp8_quantize import fp8_quantize
from utils.kernels.group_quantize import group_dequantize, group_quantize
from utils.kernels.layernorm_quantize import layernorm_quantize
from utils.kernels.mx_quantize import mx_dequantize, mx_quantize, twos_complement
from utils.kernels.power_of_two_linear import power_of_two_linear
from utils.kernels.power_of_two_pack import dense_power_of_two, pack_power_of_two, unpack_power_of_two
from utils.kernels.ternary_linear import ternary_linear
from utils.kernels.ternary_pack import pack_ternary, unpack_ternary
from utils.kernels.ternary_quantize import ternary_quantize

HALF_A_CODE = 0.5
ROUNDED = 1 + 2**-20  # the float32 roundings of the scale and of the quotient
# Sizes far from 1, so that a scale in the place of its inverse is off by orders of magnitude.
X = 30 * torch.randn(6, 96, generator=torch.Generator().manual_seed(0))


def steps_of(form):
    """Half the distance between neighbors, relative to the code's value and at least that of subnormals."""
    half = 2.0 ** -(form.mantissa_bits + 1)
    return lambda value: half * torch.clamp(2 * value.abs(), min=2.0**form.least_exponent)


def ternary(x):
    codes, scale = ternary_quantize(x)
    inside = x.abs() <= 1.5 * scale  # beyond, codes are clipped
    return codes * inside, scale, x * inside, HALF_A_CODE


def layernorm(x):
    codes, scale = layernorm_quantize(x)
    return codes, scale[:, None], torch.nn.functional.layer_norm(x, x.shape[1:]), HALF_A_CODE


def grouped(symmetric):
    def quantize(x):
        found = group_quantize(x, 6, 32, symmetric)
        codes = found.codes.int() - (0 if symmetric else found.zero.repeat_interleave(32, 1).int())
        # Rounding the zero point moves the whole grid by up to half a code.
        half = HALF_A_CODE if symmetric else 2 * HALF_A_CODE
        return codes, found.scale.repeat_interleave(32, 1), x, half

    return quantize


def fp8(form):
    def quantize(x):
        codes, scale = fp8_quantize(x, form, group="row")
        return codes.float(), scale, x, steps_of(MX_FORMATS[form])(codes.float())

    return quantize


def mx(form):
    def quantize(x):
        found = mx_quantize(x, form)
        codes = twos_complement(found.codes) if form == "int8" else found.codes
        elements = decoded(form)[codes.int()]
        scale = found.scale.repeat_interleave(found.block, 1)
        half = 1 / 128 if form == "int8" else steps_of(MX_FORMATS[form])(elements)
        kept = x.abs() <= MX_FORMATS[form].largest * scale  # beyond, elements saturate
        return elements * kept, scale, x * kept, half

    return quantize


FORMATS = {
    "ternary": ternary,
    "layer norm, int8": layernorm,
    "groups, symmetric": grouped(symmetric=True),
    "groups, with a zero point": grouped(symmetric=False),
    "fp8 e4m3": fp8("e4m3"),
    "fp8 e5m2": fp8("e5m2"),
    **{f"MX {form}": mx(form) for form in MX_FORMATS},
}


@pytest.mark.parametrize("name", FORMATS)
def test_a_code_times_its_scale_is_the_nearest_value(name):
    codes, scale, values, half = FORMATS[name](X)
    distance = (codes.double() * scale.double() - values.double()).abs()
    assert (distance <= half * scale.double() * ROUNDED + 2**-20 * values.abs()).all()
    assert (codes != 0).double().mean() > 0.25


def test_decoders_multiply_by_the_scale():
    found = group_quantize(X, 4, 32)
    assert torch.equal(group_dequantize(found), found.codes * found.scale.repeat_interleave(32, 1))
    small = mx_quantize(X, "e2m1")
    elements = decoded("e2m1")[small.codes.int()]
    assert torch.equal(mx_dequantize(small), elements * small.scale.repeat_interleave(32, 1))
    signs, exponents = X.sign().to(torch.int8), torch.zeros(X.shape, dtype=torch.int8)
    packed = pack_power_of_two(signs, exponents + 2, 0.25, bits=3)
    assert torch.equal(dense_power_of_two(packed), unpack_power_of_two(packed)[0] * 4 * packed.scale)


def test_products_multiply_by_both_scales():
    x, x_scale = layernorm_quantize(X)
    packed = pack_ternary(*ternary_quantize(X[:4]))
    values, weights = x.double() * x_scale.double()[:, None], unpack_ternary(packed) * packed.scale.double()
    torch.testing.assert_close(ternary_linear(x, x_scale, packed).double(), values @ weights.T)
    shifts = pack_power_of_two(X[:4].sign().to(torch.int8), torch.ones(4, 96, dtype=torch.int8), 0.25)
    expected = values @ dense_power_of_two(shifts).double().T
    torch.testing.assert_close(power_of_two_linear(x, shifts, x_scale).double(), expected)


def test_the_arenas_int8_layer_is_codes_times_scale():
    layer = deploy_int8(X[:4], torch.zeros(4))
    weights = layer.apply(torch.eye(96)).T
    scale = X[:4].abs().amax(1, keepdim=True) / 127
    codes = weights / scale
    assert (codes - codes.round()).abs().max() < 1e-4
    assert (weights - X[:4]).abs().max() <= 0.5 * scale.max() * ROUNDED
