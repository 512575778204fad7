import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from utils.errors import FrugalError
from utils.kernels.checks import UP_TO_FLOAT32
from utils.kernels.layernorm_quantize import cost, layernorm_quantize

SHAPES = [(1, 1), (1, 2), (7, 13), (3, 3001), (64, 65), (0, 5)]


def exact(x):
    """In float64: the scale of each row and LN(x) over it, before rounding."""
    x = x.double()
    variance, mean = torch.var_mean(x, dim=1, correction=0, keepdim=True)
    normal = (x - mean) / (variance + 1e-5).sqrt()
    scale = normal.abs().amax(dim=1).clamp(min=1e-5) / 127
    return scale, normal / scale[:, None]


@pytest.mark.parametrize("dtype", UP_TO_FLOAT32)
@pytest.mark.parametrize("shape", SHAPES)
def test_codes_and_scale_are_those_of_float64(run, shape, dtype):
    x = (3 * torch.randn(shape, generator=torch.Generator().manual_seed(0)) + 1).to(dtype)
    codes, scale = run(layernorm_quantize, x)
    expected, scaled = exact(x)
    # Sums of K float32 terms in any order are off by at most K half ulps of the sum of magnitudes; the
    # maximum's relative error is that of the deviation and of the mean, of the order of the entries.
    slack = 4 * (x.shape[1] + 4) * 2**-24
    assert (scale.double() / expected - 1).abs().le(slack).all()
    assert ((codes.double() - scaled).abs() <= 0.5 + 127 * 2 * slack).all()
    assert codes.dtype == torch.int8


def test_the_largest_entry_lands_on_127(run):
    codes, _ = run(layernorm_quantize, torch.tensor([[0.0, 0.0, 0.0, 5.0], [0.0, 0.0, 0.0, -5.0]]))
    assert codes.tolist() == [[-42, -42, -42, 127], [42, 42, 42, -127]]


@pytest.mark.parametrize("value", [3.0, 0.13, -1000.1, 12345.678, 1e18])
@pytest.mark.parametrize("columns", [1, 8, 509, 4096, 16384])
def test_constant_rows_give_zeros(run, value, columns):
    """Also where the sum of the row is no float32 number, so that a mean of it would miss the value."""
    codes, scale = run(layernorm_quantize, torch.full((2, columns), value))
    assert (codes == 0).all()
    assert torch.allclose(scale, torch.tensor(1e-5 / 127))


@pytest.mark.parametrize("value", [0.0, 300.0, -7e4])
def test_nearly_constant_rows_lose_nothing(run, value):
    """Entries that differ in their last bits only: their distances are exact in float32, and so are codes."""
    x = value + 2.0**-6 * torch.randint(-4, 5, (3, 4096), generator=torch.Generator().manual_seed(1))
    codes, scale = run(layernorm_quantize, x)
    expected, scaled = exact(x)
    assert (scale.double() / expected - 1).abs().le(1e-4).all()
    assert ((codes.double() - scaled).abs() <= 0.5 + 127e-4).all()


@pytest.mark.parametrize("bad", [torch.nan, torch.inf, -torch.inf, 1e30])
def test_rows_without_a_finite_variance_are_marked_and_harm_no_other(run, bad):
    x = torch.randn(3, 40, generator=torch.Generator().manual_seed(3))
    good = run(layernorm_quantize, x)
    x[1, 7] = bad
    codes, scale = run(layernorm_quantize, x)
    assert scale[1].isnan()
    assert (codes[1] == 0).all()
    assert torch.equal(codes[[0, 2]], good[0][[0, 2]])
    assert torch.equal(scale[[0, 2]], good[1][[0, 2]])


def test_scaling_a_row_leaves_its_codes(run):
    x = torch.randn(4, 33, generator=torch.Generator().manual_seed(4))
    codes = [run(layernorm_quantize, x * factor)[0] for factor in (1.0, 1024.0)]
    assert (codes[0].int() - codes[1].int()).abs().max() <= 1  # eps under the root differs by 1e-5


def test_a_row_does_not_see_its_neighbors(run):
    x = torch.randn(5, 33, generator=torch.Generator().manual_seed(5))
    before = run(layernorm_quantize, x)[0]
    x[4] = 100 * x[4] + 3
    assert torch.equal(run(layernorm_quantize, x)[0][:4], before[:4])


def test_strided_rows(run):
    x = torch.randn(33, 10, generator=torch.Generator().manual_seed(6)).T
    assert torch.equal(run(layernorm_quantize, x)[0], run(layernorm_quantize, x.contiguous())[0])


def test_misaligned_rows(run):
    x = torch.randn(3 * 33 + 1, generator=torch.Generator().manual_seed(7))[1:].view(3, 33)
    for ours, theirs in zip(run(layernorm_quantize, x), run(layernorm_quantize, x.clone()), strict=True):
        assert torch.equal(ours, theirs)


@pytest.mark.parametrize("size", [1e-30, 1e-4, 1e15])
def test_very_large_and_very_small_rows(run, size):
    """Where the variance is far below the 1e-5 beside it, the codes still span their range or are zero."""
    x = size * torch.randn(2, 64, generator=torch.Generator().manual_seed(8))
    codes, scale = run(layernorm_quantize, x)
    expected, scaled = exact(x)
    slack = 4 * (64 + 4) * 2**-24  # as above
    assert (scale.double() / expected - 1).abs().le(slack).all()
    assert ((codes.double() - scaled).abs() <= 0.5 + 127 * 2 * slack).all()


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 6), st.integers(1, 70), st.integers(0, 99))
def test_permuting_rows_permutes_codes_and_scales(run, rows, columns, seed):
    generator = torch.Generator().manual_seed(seed)
    x, order = torch.randn(rows, columns, generator=generator), torch.randperm(rows, generator=generator)
    for whole, moved in zip(run(layernorm_quantize, x), run(layernorm_quantize, x[order]), strict=True):
        assert torch.equal(whole[order], moved)


@pytest.mark.parametrize(
    "x, sentence",
    [
        (torch.ones(3), "2 dimension"),
        (torch.ones(3, 3, dtype=torch.int8), "int8"),
        (torch.ones(3, 0), "columns is 0"),
    ],
)
def test_bad_input_is_refused_with_a_sentence(x, sentence):
    with pytest.raises(FrugalError, match=sentence):
        layernorm_quantize(x)


def test_cost():
    assert cost(3, 5).bytes == 4 * 15 + 3 * 9
