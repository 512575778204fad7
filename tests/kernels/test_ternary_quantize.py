import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from utils.errors import FrugalError
from utils.kernels.checks import UP_TO_FLOAT32
from utils.kernels.ternary_quantize import cost, ternary_quantize

SHAPES = [(1, 1), (1, 2), (7, 13), (1, 3001), (3001, 1), (31, 64)]


def exact(weight, measure, eps=1e-5):
    """The definition in float64 on sorted magnitudes: the scale."""
    size = np.sort(np.abs(weight.double().numpy()), axis=None)
    center = size[(size.size - 1) // 2] if measure == "median" else size.mean()
    return max(center, eps)


@pytest.mark.parametrize("dtype", UP_TO_FLOAT32)
@pytest.mark.parametrize("measure", ["mean", "median"])
@pytest.mark.parametrize("shape", SHAPES)
def test_codes_and_scale_are_those_of_float64(run, shape, measure, dtype):
    weight = torch.randn(shape, generator=torch.Generator().manual_seed(0)).to(dtype)
    codes, scale = run(ternary_quantize, weight, measure=measure)
    # The measure is rounded to float32 once (never for the median): half an ulp.
    assert abs(scale.item() / exact(weight, measure) - 1) <= 1.01 * 2**-24
    # For the scale that was found the codes are exact: 64-bit quotients of 24-bit numbers decide a half.
    assert codes.dtype == torch.int8
    assert torch.equal(codes, (weight.double() / scale.double()).round().clamp(-1, 1).to(torch.int8))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.floats(width=16, allow_nan=False), min_size=1, max_size=40),
    st.sampled_from(UP_TO_FLOAT32),
    st.sampled_from(["numba", "triton"]),
)
def test_median_without_sorting_is_exact(values, dtype, backend):
    """Any values, ties, signed zeros, subnormals and infinities; eps = 0 shows the median itself."""
    if backend == "triton" and torch.cuda.is_available():
        pytest.skip("compiled kernels are compared in the other tests")
    weight = torch.tensor([values]).to(dtype)
    _, scale = ternary_quantize(weight, "median", eps=0.0, backend=backend)
    assert scale.item() == weight.abs().median().float().item()


@pytest.mark.parametrize("scale", [1e-30, 1e-6, 1e30])
@pytest.mark.parametrize("measure", ["mean", "median"])
def test_very_large_and_very_small_weights(run, scale, measure):
    weight = torch.randn(9, 31, generator=torch.Generator().manual_seed(2)) * scale
    codes, s_w = run(ternary_quantize, weight, measure=measure)
    reference = ternary_quantize(weight, measure, backend="reference")
    assert torch.equal(codes, reference[0])
    assert torch.equal(s_w, reference[1])
    if scale < 1e-5:
        assert s_w == torch.tensor(1e-5)


@pytest.mark.parametrize("measure", ["mean", "median"])
def test_nan_makes_the_scale_nan_and_every_code_zero(run, measure):
    weight = torch.ones(3, 5)
    weight[1, 2] = torch.nan
    codes, scale = run(ternary_quantize, weight, measure=measure)
    assert scale.isnan()
    assert (codes == 0).all()


def test_infinity_spoils_the_mean_but_not_the_median(run):
    weight = torch.ones(3, 5)
    weight[1, 2] = -torch.inf
    codes, scale = run(ternary_quantize, weight, measure="mean")
    assert scale == torch.inf
    assert (codes == 0).all()
    codes, scale = run(ternary_quantize, weight, measure="median")
    assert scale == 1
    assert torch.equal(codes, weight.sign().to(torch.int8))


def test_halves_round_to_zero(run):
    weight = torch.tensor([[0.5, -0.5, 1.0, -1.0, 2.0]])  # median 1
    codes, _ = run(ternary_quantize, weight, measure="median")
    assert codes.tolist() == [[0, 0, 1, -1, 1]]


def test_strided_weights_and_trained_parameters(run):
    weight = torch.nn.Parameter(torch.randn(40, 7))
    codes, _ = run(ternary_quantize, weight.T)
    assert torch.equal(codes, run(ternary_quantize, weight.detach().T.contiguous())[0])


@pytest.mark.parametrize("dtype", UP_TO_FLOAT32)
@pytest.mark.parametrize("measure", ["mean", "median"])
def test_misaligned_weights(run, measure, dtype):
    weight = torch.randn(9 * 31 + 1, generator=torch.Generator().manual_seed(4)).to(dtype)[1:].view(9, 31)
    shifted, aligned = (run(ternary_quantize, w, measure=measure) for w in (weight, weight.clone()))
    assert all(map(torch.equal, shifted, aligned))


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 9), st.integers(1, 40), st.integers(0, 99))
def test_permuting_the_weights_permutes_the_codes(run, rows, columns, seed):
    generator = torch.Generator().manual_seed(seed)
    weight, order = torch.randn(rows, columns, generator=generator), torch.randperm(rows, generator=generator)
    codes, scale = run(ternary_quantize, weight, measure="median")
    moved, same = run(ternary_quantize, weight[order], measure="median")
    assert torch.equal(moved, codes[order])
    assert torch.equal(same, scale)


@pytest.mark.parametrize(
    "weight, measure, sentence",
    [
        (torch.ones(3), "mean", "2 dimension"),
        (torch.ones(3, 3, dtype=torch.float64), "mean", "float64"),
        (torch.ones(3, 3), "mode", "'mode'"),
        (torch.ones(0, 3), "median", "empty"),
    ],
)
def test_bad_input_is_refused_with_a_sentence(weight, measure, sentence):
    with pytest.raises(FrugalError, match=sentence):
        ternary_quantize(weight, measure)


def test_cost_counts_the_passes():
    assert cost(10, 10, 4).bytes_read == 2 * 400
    assert cost(10, 10, 4, "median").bytes_read == 4 * 400
    assert cost(10, 10, 2, "median").bytes_read == 2 * 200
