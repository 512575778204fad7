import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from utils.errors import FrugalError
from utils.kernels.bit_pack import pack_bits
from utils.kernels.float_formats import MX_FORMATS, decoded
from utils.kernels.mx_quantize import (
    MXQuantized,
    cost,
    mx_dequantize,
    mx_quantize,
    mx_round,
    twos_complement,
)

SHAPES = [(1, 1), (7, 13), (3, 97), (33, 1), (2, 2085), (0, 4), (3, 0)]


def example(shape, seed=0):
    """Values whose blocks differ widely in size."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=generator) * torch.randn(shape, generator=generator).mul(6).exp2()


def equal(one, other):
    return torch.equal(one.codes, other.codes) and torch.equal(one.exponents, other.exponents)


def expected_value(x, form):
    """One block in float64: the shared exponent by logarithm, the element by search in all of them."""
    largest = x.double().abs().max()
    if largest == 0:
        return torch.zeros_like(x)
    exponent = max(int(torch.frexp(largest).exponent) - 1 - form.largest_exponent, -127)
    table = decoded(form.name)[: 2 ** (form.bits - 1)].double()
    table = table[~table.isnan()]
    distance = (x.double().abs()[:, None] / 2.0**exponent - table).abs()
    code = distance.argmin(1)  # the lower of two equally near ones; make it the even one
    tie = (code + 1 < table.numel()) & (code % 2 == 1)
    next_code = (code + 1).clamp(max=table.numel() - 1)
    same = distance.gather(1, next_code[:, None])[:, 0] == distance.gather(1, code[:, None])[:, 0]
    code = torch.where(tie & same, next_code, code)
    return (table[code] * 2.0**exponent).copysign(x.double()).float()


@pytest.mark.parametrize("name", MX_FORMATS)
@pytest.mark.parametrize("shape", SHAPES)
def test_values_are_the_nearest_of_each_block(run, shape, name):
    x = example(shape)
    quantized = run(mx_quantize, x, name)
    values = mx_dequantize(quantized)
    assert quantized.codes.dtype == quantized.exponents.dtype == torch.uint8
    assert quantized.exponents.shape == (shape[0], -(-shape[1] // 32))
    for row, out in zip(x, values, strict=True):
        for start in range(0, shape[1], 32):
            block = slice(start, start + 32)
            assert torch.equal(out[block], expected_value(row[block], MX_FORMATS[name]))


@pytest.mark.parametrize("name", MX_FORMATS)
def test_every_code_survives(run, name):
    """All values of a format, with its largest in each block, are kept exactly."""
    values = decoded(name)
    values = values[~values.isnan()]
    largest = MX_FORMATS[name].largest
    values = torch.nn.functional.pad(values, (0, -values.numel() % 31)).reshape(-1, 31)
    x = torch.nn.functional.pad(values, (0, 1), value=largest).reshape(1, -1)
    for exponent in (-100, 0, 50):
        quantized = run(mx_quantize, torch.ldexp(x, torch.tensor(exponent)), name)
        assert torch.equal(mx_dequantize(quantized), torch.ldexp(x, torch.tensor(exponent)))
        assert (quantized.exponents == 127 + exponent).all()


@settings(max_examples=40, deadline=None)
@given(
    st.tuples(st.integers(1, 4), st.integers(1, 200)),
    st.sampled_from(list(MX_FORMATS)),
    st.sampled_from([1, 16, 32, 64]),
    st.one_of(st.none(), st.integers(0, 2**64 - 1)),
    st.sampled_from(["numba", "triton"]),
)
def test_back_ends_agree_bit_for_bit(shape, name, block, seed, backend):
    if backend == "triton" and torch.cuda.is_available():
        pytest.skip("compiled kernels are compared in the other tests")
    x = example(shape, shape[1])
    options = {"seed": seed, "step": shape[0], "block": block}
    expected = mx_quantize(x, name, backend="reference", **options)
    assert equal(mx_quantize(x, name, backend=backend, **options), expected)


@pytest.mark.parametrize("name", MX_FORMATS)
def test_stochastic_rounding_is_unbiased_below_saturation(run, name):
    """The mean of n rounded values is within 4.5 standard errors of half a step, if nothing saturates."""
    count = 4096
    x = torch.full((1, count), 0.8137)
    x[0, ::32] = 1.0
    values = mx_dequantize(run(mx_quantize, x, name, seed=4))[0]
    rest = values.reshape(-1, 32)[:, 1:].double()
    gap = rest.unique().diff()
    assert gap.numel() == 1
    assert abs(rest.mean() - x[0, 1].double()) <= 4.5 * gap.item() / 2 / rest.numel() ** 0.5


def test_what_lies_beyond_the_largest_element_saturates(run):
    x = torch.tensor([[7.9, 6.0, 1.0, -7.0]])
    assert mx_dequantize(run(mx_quantize, x, "e2m1")).tolist() == [[6.0, 6.0, 1.0, -6.0]]
    assert (mx_dequantize(run(mx_quantize, x, "e2m1", seed=1))[0, 0] == 6.0).all()


def test_codes_are_the_bits_of_the_specification(run):
    assert run(mx_quantize, torch.tensor([[6.0, -0.5, 0.0, -4.0]]), "e2m1").codes.tolist() == [[7, 9, 0, 14]]
    codes = run(mx_quantize, torch.tensor([[127.0, -1.0, 1.0, -127.0]]) / 64, "int8").codes
    assert codes.tolist() == [[127, 255, 1, 129]]
    x = torch.tensor([[448.0, -0.0625, 3.25]])
    theirs = x.to(torch.float8_e4m3fn).view(torch.uint8)
    assert torch.equal(run(mx_quantize, x, "e4m3").codes, theirs)


def test_twos_complement_is_its_own_inverse():
    codes = torch.arange(256, dtype=torch.uint8)
    back = twos_complement(twos_complement(codes))
    assert torch.equal(back[codes != 128], codes[codes != 128])  # 128, minus zero, becomes zero
    assert twos_complement(twos_complement(codes[128:129])).item() == 0


@pytest.mark.parametrize("name", MX_FORMATS)
@pytest.mark.parametrize("bad", [torch.nan, torch.inf, -torch.inf])
def test_nan_and_infinity_spoil_their_block_only(run, bad, name):
    x = example((2, 70))
    clean = run(mx_quantize, x, name)
    x[1, 40] = bad
    quantized = run(mx_quantize, x, name)
    assert quantized.exponents[1, 1] == 255
    assert (quantized.codes[1, 32:64] == 0).all()
    assert mx_dequantize(quantized)[1, 32:64].isnan().all()
    assert torch.equal(quantized.codes[0], clean.codes[0])
    assert torch.equal(quantized.codes[1, 64:], clean.codes[1, 64:])


@pytest.mark.parametrize("name", MX_FORMATS)
@pytest.mark.parametrize("size", [0.0, 1e-45, 1e-38, 1e-30, 1e38, 3.4e38])
def test_very_small_and_very_large_values(run, size, name):
    x = torch.tensor([[1.0, -0.3, 0.0, -0.0]]) * size
    quantized = run(mx_quantize, x, name)
    assert equal(quantized, mx_quantize(x, name, backend="reference"))
    values = mx_dequantize(quantized)
    assert torch.equal(values[0], expected_value(x[0], MX_FORMATS[name]))


def test_permuting_rows_permutes_the_codes(run):
    x, order = example((6, 65)), torch.tensor([3, 1, 5, 0, 2, 4])
    quantized, permuted = (run(mx_quantize, part, "e2m1") for part in (x, x[order]))
    assert equal(permuted, MXQuantized(quantized.codes[order], quantized.exponents[order], "e2m1"))


def test_strided_and_misaligned_inputs(run):
    x = example((41, 6))
    assert equal(run(mx_quantize, x.T, "e4m3"), run(mx_quantize, x.T.contiguous(), "e4m3"))
    assert equal(run(mx_quantize, x[:, 1:], "e4m3"), run(mx_quantize, x[:, 1:].clone(), "e4m3"))


def test_threads_do_not_change_a_bit():
    x, threads, results = example((67, 2051)), torch.get_num_threads(), []
    try:
        for count in (1, 3):
            torch.set_num_threads(count)
            results.append(mx_quantize(x, "e2m1", seed=1))
    finally:
        torch.set_num_threads(threads)
    assert equal(*results)


def test_bytes_are_those_of_the_packed_codes():
    quantized = mx_quantize(example((6, 64)), "e2m1").to("cpu")
    assert quantized.bytes == pack_bits(quantized.codes, 4).numel() + 12 == 6 * 32 + 12


def test_rounding_passes_the_gradient_straight_through():
    x = example((3, 40)).requires_grad_()
    y = mx_round(x, "e3m2")
    assert torch.equal(y, mx_dequantize(mx_quantize(x, "e3m2")))
    gradient = torch.randn(3, 40)
    y.backward(gradient)
    assert torch.equal(x.grad, gradient)


@pytest.mark.parametrize(
    "change, sentence",
    [
        ({"x": torch.ones(3)}, "2 dimension"),
        ({"x": torch.ones(2, 3).bfloat16()}, "x is bfloat16"),
        ({"form": "float16"}, "form is 'float16'"),
        ({"block": 33}, "block is 33"),
        ({"seed": 2**64}, "64 bits"),
        ({"step": -1}, "step is -1"),
        ({"backend": "magic"}, "no back end"),
    ],
)
def test_bad_input_is_refused_with_a_sentence(change, sentence):
    with pytest.raises(FrugalError, match=sentence):
        mx_quantize(**{"x": torch.ones(2, 3), "form": "e2m1"} | change)


def test_cost_counts_each_value_once():
    assert cost(10, 64).bytes_read == 2560
    assert cost(10, 64).bytes_written == 640 + 20
