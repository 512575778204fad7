import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from utils.errors import FrugalError
from utils.kernels.float_formats import FORMATS, decoded, magnitudes
from utils.kernels.float_round import cost, float_round
from utils.kernels.random_words import random_words

# Formats that PyTorch has too, rounding to nearest.
TORCH = {
    "bfloat16": torch.bfloat16,
    "float16": torch.float16,
    "e4m3": torch.float8_e4m3fn,
    "e5m2": torch.float8_e5m2,
}
SHAPES = [(), (1,), (0,), (7, 13), (3, 0), (2051,), (2, 3, 5)]


def same_bits(one, other):
    return torch.equal(one.view(torch.int32), other.view(torch.int32))


def spread(count, seed=0):
    """Numbers of both signs over the whole range of float32, subnormals included."""
    generator = torch.Generator().manual_seed(seed)
    bits = torch.randint(-(2**31), 2**31, (count,), generator=generator, dtype=torch.int64).to(torch.int32)
    return bits.view(torch.float32).nan_to_num(1.0, 2.0, -3.0)


def edges(form):
    """Every number of the format, the middles between neighbors, and the floats next to all of these."""
    values = magnitudes(form)
    points = torch.cat([values, (values[1:] + values[:-1]) / 2]).float()
    up, down = (torch.nextafter(points, torch.tensor(end)) for end in (torch.inf, -torch.inf))
    points = torch.cat([points, up, down])
    return torch.cat([points, -points])


def fewer(run, x):
    """Of very many numbers the interpreter, which is slow, gets every seventh."""
    return x[::7] if run.name == "triton" and run.device == "cpu" and x.numel() > 100_000 else x


@pytest.mark.parametrize("name", TORCH)
def test_rounding_is_pytorchs_bit_for_bit(run, name):
    form = FORMATS[name]
    x = torch.cat([fewer(run, edges(form)), spread(4001)]).clamp(-form.largest, form.largest)
    assert same_bits(run(float_round, x, name), x.to(TORCH[name]).float())


@pytest.mark.parametrize("name", FORMATS)
def test_nearest_is_the_nearest_number_of_the_format(run, name):
    """By search in the list of all numbers; of two equally near ones the even code."""
    x = torch.cat([fewer(run, edges(FORMATS[name])), torch.randn(999) * 3])
    values = magnitudes(FORMATS[name])
    size = x.double().abs().clamp(max=FORMATS[name].largest)
    above = torch.searchsorted(values, size).clamp(max=values.numel() - 1)
    below = (above - 1).clamp(min=0)
    up, down = values[above] - size, size - values[below]
    code = torch.where((up < down) | ((up == down) & (above % 2 == 0)), above, below)
    assert same_bits(run(float_round, x, name), values[code].copysign(x).float())


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("seed", [None, 3])
@pytest.mark.parametrize("shape", SHAPES)
def test_shape_and_dtype_stay_and_rounded_numbers_round_to_themselves(run, shape, seed, name):
    x = torch.randn(shape, generator=torch.Generator().manual_seed(1))
    y = run(float_round, x, name, seed=seed)
    assert y.shape == x.shape
    assert y.dtype == torch.float32
    assert torch.equal(run(float_round, y, name, seed=4), y)


@settings(max_examples=25, deadline=None)
@given(
    st.integers(1, 3000), st.sampled_from(list(FORMATS)), st.integers(0, 2**64 - 1), st.integers(0, 2**32 - 1)
)
def test_back_ends_agree_bit_for_bit(count, name, seed, step):
    x = torch.cat([spread(count, seed % 99), torch.randn(count)])
    for options in ({}, {"seed": seed, "step": step}):
        result = float_round(x, name, **options)
        assert same_bits(result, float_round(x, name, backend="reference", **options))


@pytest.mark.parametrize("name", FORMATS)
def test_stochastic_rounding_gives_the_reference_bits(run, name):
    x = torch.cat([edges(FORMATS[name])[:3000], spread(2003), torch.randn(3001)])
    expected = float_round(x, name, seed=7, step=2, backend="reference")
    assert same_bits(run(float_round, x, name, seed=7, step=2), expected)


@pytest.mark.parametrize("name", FORMATS)
def test_stochastic_rounding_is_unbiased(run, name):
    """Each value comes up or down; the mean of n trials is within 4.5 standard errors, u / 2 at most each."""
    form, count = FORMATS[name], 4000
    least = form.least
    for value in (1.03, -2.2, 0.7 * least if least > 1e-30 else 1.001, 3.9):
        y = run(float_round, torch.full((count,), value), name, seed=11, step=5).double()
        levels = y.unique()
        assert levels.numel() <= 2
        gap = (levels.max() - levels.min()).item()
        assert abs(y.mean().item() - torch.tensor(value).double().item()) <= 4.5 * gap / 2 / math.sqrt(count)
        assert levels.numel() == 2 or levels[0] == torch.tensor(value)


def test_random_bits_depend_on_seed_step_and_place_only(run):
    x = torch.full((5001,), 1.1)
    y = run(float_round, x, "e2m1", seed=1, step=2)
    assert same_bits(run(float_round, x[:1003], "e2m1", seed=1, step=2), y[:1003])
    for other in ({"seed": 2, "step": 2}, {"seed": 1, "step": 3}):
        assert not torch.equal(run(float_round, x, "e2m1", **other), y)


def test_words_are_uniform_and_apart():
    words = random_words(200_000, seed=3, step=1).double() * 2.0**-32
    error = 4.5 / math.sqrt(words.numel())
    assert abs(words.mean() - 0.5) < error * math.sqrt(1 / 12)
    assert abs((words**2).mean() - 1 / 3) < error * math.sqrt(4 / 45)
    assert abs(((words[1:] - 0.5) * (words[:-1] - 0.5)).mean()) < error / 12 * 1.01


def test_threads_do_not_change_a_bit():
    x, threads, results = torch.randn(100_003), torch.get_num_threads(), []
    try:
        for count in (1, 3):
            torch.set_num_threads(count)
            results.append(float_round(x, "e4m3", seed=1))
    finally:
        torch.set_num_threads(threads)
    assert same_bits(*results)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("seed", [None, 5])
def test_nan_stays_infinity_saturates_and_zeros_keep_their_sign(run, name, seed):
    x = torch.tensor([torch.nan, torch.inf, -torch.inf, 3.4e38, 0.0, -0.0])
    y = run(float_round, x, name, seed=seed)
    largest = torch.tensor(FORMATS[name].largest)
    assert y[0].isnan()
    assert same_bits(y[1:], torch.stack([largest, -largest, largest, torch.tensor(0.0), torch.tensor(-0.0)]))


def test_strided_and_misaligned_inputs(run):
    x = torch.randn(40, 7)
    assert same_bits(
        run(float_round, x.T, "e4m3", seed=1), run(float_round, x.T.contiguous(), "e4m3", seed=1)
    )
    flat = torch.randn(1001)
    assert same_bits(run(float_round, flat[1:], "e5m2"), run(float_round, flat[1:].clone(), "e5m2"))


def test_gradient_passes_straight_through_unless_clipped(run):
    x = torch.tensor([0.3, -7.0, 5.9, 6.0, torch.inf, torch.nan], device=run.device, requires_grad=True)
    y = float_round(x, "e2m1", backend=run.name)
    assert y[:4].tolist() == [0.5, -6.0, 6.0, 6.0]
    y.backward(torch.arange(1.0, 7.0, device=run.device))
    assert x.grad.tolist() == [1.0, 0.0, 3.0, 4.0, 0.0, 0.0]


@pytest.mark.parametrize("name", [name for name in FORMATS if FORMATS[name].bits <= 8])
def test_the_table_of_all_codes_is_the_formats(name):
    values = decoded(name)
    assert values.numel() == 2 ** FORMATS[name].bits
    assert values[~values.isnan()].abs().max() == FORMATS[name].largest
    if name in TORCH:
        theirs = torch.arange(256, dtype=torch.uint8).view(TORCH[name]).float()
        finite = theirs.isfinite()
        assert same_bits(values[finite], theirs[finite])
        assert values[~finite].isnan().all()
    if name == "e2m1":
        assert values[:8].tolist() == [0, 0.5, 1, 1.5, 2, 3, 4, 6]


@pytest.mark.parametrize(
    "change, sentence",
    [
        ({"x": torch.zeros(2).double()}, "x is float64"),
        ({"form": "e8m0"}, "form is 'e8m0'"),
        ({"seed": -1}, "seed is -1"),
        ({"seed": 2**64}, "64 bits"),
        ({"step": -1}, "step is -1"),
        ({"step": 2**32}, "one word"),
        ({"backend": "magic"}, "no back end"),
    ],
)
def test_bad_input_is_refused_with_a_sentence(change, sentence):
    with pytest.raises(FrugalError, match=sentence):
        float_round(**{"x": torch.zeros(2), "form": "e4m3"} | change)


def test_cost_counts_each_number_once():
    assert cost(10).bytes == 80
