import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from utils.errors import FrugalError
from utils.kernels.fp8_quantize import DTYPES, cost, fp8_quantize

LARGEST = {"e4m3": 448.0, "e5m2": 57344.0}
SHAPES = [(1, 1), (7, 13), (3, 301), (31, 1), (0, 4), (3, 0)]


def example(shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def bits(codes):
    return codes.view(torch.uint8)


@pytest.mark.parametrize("form", DTYPES)
@pytest.mark.parametrize("shape", SHAPES)
def test_codes_are_pytorchs_cast_of_the_scaled_values(run, shape, form):
    x = example(shape)
    codes, scale = run(fp8_quantize, x, form, group="row")
    expected = x.abs().amax(1, keepdim=True) / LARGEST[form] if x.numel() else torch.zeros(shape[0], 1)
    assert codes.dtype == DTYPES[form]
    assert torch.equal(scale, expected)
    steps = (x / expected).clamp(-LARGEST[form], LARGEST[form])
    assert torch.equal(bits(codes), bits(steps.to(DTYPES[form])))


@pytest.mark.parametrize("group, shape", [("tensor", (1, 1)), ("row", (5, 1)), (32, (5, 3)), (7, (5, 10))])
def test_every_group_reaches_the_largest_code(run, group, shape):
    x = example((5, 70))
    codes, scale = run(fp8_quantize, x, "e4m3", group=group)
    assert scale.shape == shape
    size = {"tensor": 70, "row": 70}.get(group, group)
    rows = codes.float().flatten()[None] if group == "tensor" else codes.float()
    width = 350 if group == "tensor" else size
    largest = [part.abs().max().item() for part in rows.split(width, dim=1) for part in part]
    assert largest == [448.0] * len(largest)
    # Half a step of three mantissa bits below a normal number, half of 2^-9 below that; the scale's rounding.
    width = scale if scale.shape[1] == 1 else scale.repeat_interleave(size, 1)[:, :70]
    assert ((codes.float() * width - x).abs() <= (x.abs() * 2**-4).maximum(width * 2**-10) * 1.001).all()


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 4), st.integers(1, 70), st.sampled_from(list(DTYPES)), st.integers(0, 2**64 - 1))
def test_back_ends_agree_bit_for_bit(rows, columns, form, seed):
    x = example((rows, columns), columns)
    one, other = (fp8_quantize(x, form, 16, seed, rows, backend) for backend in ("numba", "reference"))
    assert torch.equal(bits(one[0]), bits(other[0]))
    assert torch.equal(one[1], other[1])


def test_stochastic_codes_are_unbiased(run):
    count = 4000
    x = torch.full((1, count), 0.237)
    x[0, 0] = 1.0
    codes, scale = run(fp8_quantize, x, "e4m3", seed=9)
    values = (codes.float() * scale)[0, 1:].double()
    gap = values.unique().diff()
    assert gap.numel() == 1
    # 4.5 standard errors, and the roundings of the scale and of the quotient.
    allowed = 4.5 * gap.item() / 2 / (count - 1) ** 0.5 + 3 * 2**-24
    assert abs(values.mean() - x[0, 1].double()) <= allowed


def test_meaningless_groups(run):
    x = torch.tensor([[0.0, -0.0, 0.0], [1.0, torch.nan, 2.0], [1.0, torch.inf, -2.0]])
    codes, scale = run(fp8_quantize, x, "e4m3", group="row")
    assert scale[0] == 0
    assert scale[1].isnan()
    assert scale[2] == torch.inf
    assert (codes.float()[0] == 0).all()
    assert codes.float()[1].isnan().all()
    assert codes.float()[2].nan_to_num(7).tolist() == [0.0, 7.0, 0.0]


@pytest.mark.parametrize("size", [1e-30, 1e30, 3e38])
def test_very_small_and_very_large_values(run, size):
    x = example((3, 9)).clamp(-1, 1)
    codes, scale = run(fp8_quantize, x * size, "e4m3", group="row")
    assert torch.equal(bits(codes), bits(run(fp8_quantize, x * size, "e4m3", group=9)[0]))
    assert (codes.float().abs().amax(1) == 448).all()
    assert scale.isfinite().all()


def test_strided_inputs(run):
    x = example((41, 6))
    one, other = (run(fp8_quantize, part, "e5m2", group=8) for part in (x.T, x.T.contiguous()))
    assert torch.equal(bits(one[0]), bits(other[0]))


@pytest.mark.parametrize(
    "change, sentence",
    [
        ({"x": torch.ones(3)}, "2 dimension"),
        ({"x": torch.ones(2, 3).double()}, "x is float64"),
        ({"form": "e3m4"}, "form is 'e3m4'"),
        ({"group": "column"}, "group is 'column'"),
        ({"group": 0}, "group is 0"),
        ({"seed": -1}, "seed is -1"),
        ({"backend": "magic"}, "no back end"),
    ],
)
def test_bad_input_is_refused_with_a_sentence(change, sentence):
    with pytest.raises(FrugalError, match=sentence):
        fp8_quantize(**{"x": torch.ones(2, 3), "form": "e4m3"} | change)


def test_cost_counts_each_value_once():
    assert cost(10, 64, 32).bytes_read == 2560
    assert cost(10, 64, 32).bytes_written == 640 + 80
