import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from utils.errors import FrugalError
from utils.kernels.bit_pack import pack_bits
from utils.kernels.checks import UP_TO_FLOAT32
from utils.kernels.group_quantize import (
    BITS,
    cost,
    fake_quantize,
    group_dequantize,
    group_quantize,
    limits,
)

SHAPES = [(1, 1), (7, 13), (3, 301), (31, 1), (0, 4), (3, 0)]
GROUPS = ["tensor", "row", 7, 32]
# Bits and symmetry: every number of bits, and a few for the tests that repeat on every shape and group.
KINDS = [(bits, symmetric) for bits in BITS for symmetric in (True, False) if bits > 1 or not symmetric]

SOME_KINDS = [(1, False), (2, True), (3, False), (5, True), (8, True), (8, False)]


def example(shape, seed=0, shift=0.3):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed)) + shift


def groups(x, group):
    """The groups one after another, by slicing."""
    if group == "tensor":
        return [x.flatten()] if x.numel() else []
    size = max(1, x.shape[1]) if group == "row" else group
    return [row[i : i + size] for row in x for i in range(0, x.shape[1], size)]


def equal(one, other):
    same = torch.equal(one.codes, other.codes) and torch.equal(
        one.scale.nan_to_num(-1), other.scale.nan_to_num(-1)
    )
    return same and (one.zero is None or torch.equal(one.zero, other.zero))


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("bits, symmetric", SOME_KINDS)
@pytest.mark.parametrize("shape", SHAPES)
def test_codes_and_scales_are_those_of_float64(run, shape, bits, symmetric, group):
    x = example(shape)
    quantized = run(group_quantize, x, bits, group=group, symmetric=symmetric)
    first, last, dtype = limits(bits, symmetric)
    assert quantized.codes.dtype == dtype
    assert quantized.codes.shape == x.shape
    codes, scales = groups(quantized.codes, group), quantized.scale.flatten()
    zeros = torch.zeros_like(scales) if symmetric else quantized.zero.flatten()
    parts = groups(x.double(), group)
    for part, code, scale, zero in zip(parts, codes, scales[: len(parts)], zeros, strict=False):
        low, high = part.min().clamp(max=0), part.max().clamp(min=0)
        expected = max(high, -low) / last if symmetric else (high - low) / last
        # Two divisions and a sum of positive numbers: three half ulps, 2^-24 each.
        assert abs(scale.double() - expected) <= 3.01 * 2**-24 * expected
        steps = part / scale.double()
        # The quotient is rounded once: where it lies farther from a half than that, the code is certain.
        certain = ((steps - steps.floor() - 0.5).abs() > 2**-24 * steps.abs() + 1e-30) | (steps == 0)
        assert torch.equal(
            code.double()[certain], (steps.round() + zero.double()).clamp(first, last)[certain]
        )
        if not symmetric:
            assert abs(zero.double() + low / scale.double()) <= 0.5 + 1e-4


@pytest.mark.parametrize("bits, symmetric", KINDS)
def test_every_code_is_used_and_zero_is_exact(run, bits, symmetric):
    first, last, _ = limits(bits, symmetric)
    zero = 0 if symmetric else last // 2
    codes = torch.arange(first, last + 1)
    x = ((codes - zero) * 0.375)[None]
    quantized = run(group_quantize, x, bits, symmetric=symmetric)
    assert torch.equal(quantized.codes[0].long(), codes)
    values = group_dequantize(quantized)
    assert values[0, codes == zero].item() == 0
    assert ((values - x).abs() <= 4 * 2**-24 * x.abs()).all()  # the scale's roundings only


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("seed", [None, 3])
def test_the_error_is_at_most_half_a_step_or_a_step(run, seed, group):
    """Asymmetric: both x and its zero point are rounded, so the ends may be a half step farther away."""
    x = example((5, 77))
    for bits, symmetric in SOME_KINDS:
        quantized = run(group_quantize, x, bits, group=group, symmetric=symmetric, seed=seed)
        size = (
            quantized.scale.repeat_interleave(quantized.group, 1)[:, :77]
            if group != "tensor"
            else quantized.scale
        )
        most = (0.5 if seed is None else 1) + (0 if symmetric else 0.5)
        assert ((group_dequantize(quantized) - x).abs() <= size * (most + 1e-4)).all()


@settings(max_examples=40, deadline=None)
@given(
    st.tuples(st.integers(1, 5), st.integers(1, 90)),
    st.sampled_from(KINDS),
    st.sampled_from(GROUPS),
    st.sampled_from(UP_TO_FLOAT32),
    st.one_of(st.none(), st.integers(0, 2**64 - 1)),
    st.sampled_from(["numba", "triton"]),
)
def test_back_ends_agree_bit_for_bit(shape, kind, group, dtype, seed, backend):
    if backend == "triton" and torch.cuda.is_available():
        pytest.skip("compiled kernels are compared in the other tests")
    x = example(shape, seed=shape[1], shift=-0.5).to(dtype)
    options = {"group": group, "symmetric": kind[1], "seed": seed, "step": shape[0]}
    expected = group_quantize(x, kind[0], backend="reference", **options)
    assert equal(group_quantize(x, kind[0], backend=backend, **options), expected)


def test_groups_beyond_a_program_or_a_block(run):
    """16,384 columns are a program's limit on a GPU, 2,048 a block's on a CPU."""
    x = example((2, 20_011))
    for group in ("row", "tensor", 3001):
        for seed in (None, 5):
            expected = group_quantize(x, 4, group, False, seed, backend="reference")
            assert equal(run(group_quantize, x, 4, group=group, symmetric=False, seed=seed), expected)


@pytest.mark.parametrize("symmetric", [True, False])
def test_stochastic_codes_are_unbiased(run, symmetric):
    """The mean of n rounded values is within 4.5 standard errors of half a step."""
    count = 4000
    x = torch.full((1, count), 0.237)
    x[0, 0], x[0, 1] = 1.0, -1.0
    values = group_dequantize(run(group_quantize, x, 3, symmetric=symmetric, seed=9))[0, 2:].double()
    gap = values.unique().diff()
    assert gap.numel() == 1
    assert abs(values.mean() - x[0, 2].double()) <= 4.5 * gap.item() / 2 / (count - 2) ** 0.5


def test_one_symmetric_bit_is_sign_and_mean():
    x = example((3, 50))
    quantized = group_quantize(x, 1, 16)
    assert torch.equal(quantized.codes, torch.where(x < 0, -1, 1).to(torch.int8))
    for i, part in enumerate(groups(x.double(), 16)):
        assert abs(quantized.scale.flatten()[i] / part.abs().mean() - 1) <= 2**-23
    with pytest.raises(FrugalError, match="no back end 'numba'"):
        group_quantize(x, 1, backend="numba")


@pytest.mark.parametrize("symmetric", [True, False])
@pytest.mark.parametrize("bad", [torch.nan, torch.inf, -torch.inf])
def test_nan_and_infinity_spoil_their_group_only(run, bad, symmetric):
    x = example((2, 40))
    clean = run(group_quantize, x, 4, group=16, symmetric=symmetric)
    x[1, 17] = bad
    quantized = run(group_quantize, x, 4, group=16, symmetric=symmetric)
    assert quantized.scale[1, 1].isnan()
    assert (quantized.codes[1, 16:32] == 0).all()
    assert group_dequantize(quantized)[1, 16:32].isnan().all()
    assert torch.equal(quantized.codes[0], clean.codes[0])
    assert torch.equal(quantized.scale[1, [0, 2]], clean.scale[1, [0, 2]])


@pytest.mark.parametrize("symmetric", [True, False])
@pytest.mark.parametrize("size", [0.0, 1e-45, 1e-40, 1e-20, 1e38, 3.4e38])
def test_very_small_and_very_large_values(run, size, symmetric):
    x = torch.tensor([[-1.0, 0.25, 1.0, 0.0]]) * size
    for seed in (None, 2):
        quantized = run(group_quantize, x, 8, symmetric=symmetric, seed=seed)
        assert equal(quantized, group_quantize(x, 8, "row", symmetric, seed, backend="reference"))
        assert quantized.scale.isfinite().all()
        # A zero point moves the ends by up to half a step, which the largest floats leave no room for.
        assert size > 3e38 or group_dequantize(quantized).isfinite().all()


def test_permuting_rows_permutes_the_codes(run):
    x, order = example((6, 33)), torch.tensor([3, 1, 5, 0, 2, 4])
    quantized, permuted = (run(group_quantize, part, 3, group=8) for part in (x, x[order]))
    assert torch.equal(permuted.codes, quantized.codes[order])
    assert torch.equal(permuted.scale, quantized.scale[order])


def test_a_power_of_two_moves_the_scale_only(run):
    x = example((4, 33))
    quantized, doubled = (run(group_quantize, part, 5, group=8) for part in (x, 1024 * x))
    assert torch.equal(doubled.codes, quantized.codes)
    assert torch.equal(doubled.scale, 1024 * quantized.scale)


def test_strided_and_misaligned_inputs(run):
    x = example((41, 6))
    assert equal(run(group_quantize, x.T, 4, group=8), run(group_quantize, x.T.contiguous(), 4, group=8))
    assert equal(run(group_quantize, x[:, 1:], 4), run(group_quantize, x[:, 1:].clone(), 4))


def test_threads_do_not_change_a_bit():
    x, threads, results = example((67, 2051)), torch.get_num_threads(), []
    try:
        for count in (1, 3):
            torch.set_num_threads(count)
            results.append(group_quantize(x, 4, 64, seed=1))
    finally:
        torch.set_num_threads(threads)
    assert equal(*results)


def test_bytes_are_those_of_the_packed_codes():
    quantized = group_quantize(example((6, 64)), 3, 32).to("cpu")
    assert quantized.bytes == pack_bits(quantized.codes, 3).numel() + 4 * 12
    assert group_quantize(example((6, 64)), 4, 32, symmetric=False).bytes == 6 * 32 + 6 + 4 * 12


@pytest.mark.parametrize("dtype", UP_TO_FLOAT32)
def test_fake_quantization_passes_the_gradient_straight_through(dtype):
    x = example((3, 20)).to(dtype).requires_grad_()
    y = fake_quantize(x, 2, 8, symmetric=False)
    assert y.dtype == dtype
    assert torch.equal(y, group_dequantize(group_quantize(x, 2, 8, symmetric=False)).to(dtype))
    gradient = torch.randn(3, 20).to(dtype)
    y.backward(gradient)
    assert torch.equal(x.grad, gradient)


@pytest.mark.parametrize(
    "change, sentence",
    [
        ({"x": torch.ones(3)}, "2 dimension"),
        ({"x": torch.ones(2, 3).double()}, "x is float64"),
        ({"bits": 0}, "bits is 0"),
        ({"bits": 9}, "bits is 9"),
        ({"group": "column"}, "group is 'column'"),
        ({"group": 0}, "group is 0"),
        ({"seed": -1}, "seed is -1"),
        ({"step": 2**32}, "one word"),
        ({"bits": 1, "seed": 1}, "without bias"),
        ({"backend": "magic"}, "no back end"),
    ],
)
def test_bad_input_is_refused_with_a_sentence(change, sentence):
    with pytest.raises(FrugalError, match=sentence):
        group_quantize(**{"x": torch.ones(2, 3), "bits": 4} | change)


def test_cost_counts_each_value_once():
    assert cost(10, 64, 4, 32).bytes_read == 2560
    assert cost(10, 64, 4, 32, 2).bytes_read == 1280
    assert cost(10, 64, 4, 32).bytes_written == 640 + 80
