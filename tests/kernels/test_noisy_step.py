import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from utils.errors import FrugalError
from utils.kernels.noisy_step import annealed_deviation, cost, noisy_adam, noisy_sgd
from utils.kernels.philox import WORD, normals, philox

SHAPES = [[(1,)], [(5,), (3, 7), (1,), (0,), (2049,)], [(2, 3, 4)], []]
# The normals' float32 error: logarithm, root, cosine and two products, of a number of at most 5.8.
NOISE_ERROR = 5.8 * 8 * 2**-24


def tensors(shapes, seed):
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn(shape, generator=generator) for shape in shapes]


def step_on(run, operation, *lists, **options):
    """Run on the back end's device and give the updated lists back."""
    moved = [[tensor.clone().to(run.device) for tensor in part] for part in lists]
    operation(*moved, backend=run.name, **options)
    return [[tensor.cpu() for tensor in part] for part in moved]


@pytest.mark.parametrize(
    "counter, seed, words",
    [
        ((0, 0, 0, 0), 0, (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((WORD,) * 4, 2**64 - 1, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            0x299F31D0A4093822,
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
)
def test_philox_gives_the_published_words(counter, seed, words):
    """Known answers of the authors' Random123 library."""
    assert tuple(int(word) for word in philox(tuple(torch.tensor([c]) for c in counter), seed)) == words


def test_normals_are_normal():
    count = 400_000
    noise = normals(count, seed=3, step=1).double()
    error = 4.5 / math.sqrt(count)  # standard errors that a right generator exceeds once in 150,000 tests
    assert abs(noise.mean()) < error
    assert abs(noise.var() - 1) < error * math.sqrt(2)
    assert abs((noise**3).mean()) < error * math.sqrt(15)
    assert abs((noise**4).mean() - 3) < error * math.sqrt(96)
    for lag in (1, 2, 3, 4):
        assert abs((noise[lag:] * noise[:-lag]).mean()) < error * 1.01
    assert abs((noise * normals(count, seed=3, step=2)).mean()) < error
    assert abs((noise * normals(count, seed=4, step=1)).mean()) < error


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 50), st.integers(0, 40), st.integers(0, 2**64 - 1), st.integers(0, 2**32 - 1))
def test_any_part_of_the_sequence_is_the_same(start, count, seed, step):
    assert torch.equal(normals(count, seed, step, start), normals(90, seed, step)[start : start + count])


@pytest.mark.parametrize("shapes", SHAPES)
@pytest.mark.parametrize("seed, step", [(0, 0), (1, 1), (2**64 - 1, 2**32 - 1)])
def test_sgd_step_is_that_of_float64(run, shapes, seed, step):
    p, g = tensors(shapes, 1), tensors(shapes, 2)
    updated, unchanged = step_on(run, noisy_sgd, p, g, lr=0.5, deviation=0.25, seed=seed, step=step)
    noise = normals(sum(tensor.numel() for tensor in p), seed, step).double()
    for old, new, gradient in zip(p, updated, g, strict=True):
        mine, noise = noise[: old.numel()].reshape(old.shape), noise[old.numel() :]
        expected = old.double() - 0.5 * (gradient.double() + 0.25 * mine)
        # Three roundings, of numbers no larger than the sum of the magnitudes, and the noise's own error.
        bound = 4 * 2**-24 * (old.abs() + gradient.abs() + mine.abs()) + NOISE_ERROR / 8
        assert ((new - expected).abs() <= bound).all()
    assert all(map(torch.equal, unchanged, g))


@pytest.mark.parametrize("shapes", SHAPES)
def test_adam_without_noise_is_pytorchs(run, shapes):
    p, g, m, v = (tensors(shapes, i) for i in range(4))
    zeros = [[torch.zeros_like(tensor) for tensor in part] for part in (m, v)]
    mine = [p, *zeros]
    theirs = [torch.nn.Parameter(tensor.double()) for tensor in p]
    optimizer = torch.optim.Adam(theirs, lr=0.1) if theirs else None
    for step in range(3):
        mine = step_on(run, noisy_adam, mine[0], g, *mine[1:], lr=0.1, deviation=0.0, seed=0, step=step)
        mine = [mine[0], *mine[2:]]
        for parameter, gradient in zip(theirs, g, strict=True):
            parameter.grad = gradient.double()
        if optimizer:
            optimizer.step()
    for ours, reference in zip(mine[0], theirs, strict=True):
        # The update is at most lr a step and comes from about ten roundings.
        assert torch.allclose(ours.double(), reference.detach(), rtol=4 * 2**-24, atol=3 * 0.1 * 12 * 2**-24)


def test_adam_feeds_the_noise_to_both_moments(run):
    p, g, zero = tensors([(1001,)], 1), tensors([(1001,)], 2), [torch.zeros(1001)]
    _, _, m, v = step_on(run, noisy_adam, p, g, zero, zero, lr=0.1, deviation=0.5, seed=9, step=4)
    noisy = g[0].double() + 0.5 * normals(1001, 9, 4).double()
    assert torch.allclose(m[0].double(), 0.1 * noisy, rtol=1e-5, atol=1e-6)
    assert torch.allclose(v[0].double(), 0.001 * noisy**2, rtol=1e-5, atol=1e-8)


def test_noise_does_not_depend_on_how_parameters_are_cut(run):
    whole, zero = [torch.zeros(1003)], [torch.zeros(1003)]
    cuts = [1, 6, 500, 496]
    options = {"lr": 1.0, "deviation": 1.0, "seed": 5, "step": 6}
    one = step_on(run, noisy_sgd, whole, zero, **options)[0][0]
    parts = step_on(run, noisy_sgd, list(whole[0].split(cuts)), list(zero[0].split(cuts)), **options)[0]
    assert torch.equal(torch.cat(parts), one)


def test_misaligned_parameters(run):
    options = {"lr": 0.5, "deviation": 0.25, "seed": 1, "step": 1}
    p, g = tensors([(1001,)], 1), tensors([(1001,)], 2)
    expected = step_on(run, noisy_sgd, p, g, **options)[0][0]
    shifted = torch.cat([torch.zeros(1), p[0]]).to(run.device)[1:]
    noisy_sgd([shifted], [g[0].to(run.device)], backend=run.name, **options)
    assert torch.equal(shifted.cpu(), expected)


@pytest.mark.parametrize("size", [1e-30, 1e18])
def test_very_large_and_very_small_gradients(run, size):
    """Adam divides the size away, as PyTorch's does in float64."""
    p, g = tensors([(257,)], 1), [size * tensors([(257,)], 2)[0]]
    zeros = [torch.zeros(257)]
    ours = step_on(run, noisy_adam, p, g, zeros, zeros, lr=0.1, deviation=0.0, seed=0, step=0)[0][0]
    g, scale = g[0].double(), 1e-8 if size < 1 else 0.0
    assert torch.allclose(ours.double(), p[0].double() - 0.1 * g / (g.abs() + scale), rtol=1e-6, atol=1e-6)


def test_threads_do_not_change_a_bit():
    threads, results = torch.get_num_threads(), []
    try:
        for count in (1, 3):
            torch.set_num_threads(count)
            p = [torch.zeros(100_003)]
            noisy_sgd(p, [torch.zeros(100_003)], 1.0, 1.0, seed=1, step=1)
            results.append(p[0])
    finally:
        torch.set_num_threads(threads)
    assert torch.equal(*results)


def test_nan_and_infinity_stay_in_their_element(run):
    g = [torch.tensor([torch.nan, 1.0, torch.inf, -1.0])]
    p, zero = [torch.zeros(4)], [torch.zeros(4)]
    updated = step_on(run, noisy_sgd, p, g, lr=1.0, deviation=0.1, seed=0, step=0)[0][0]
    assert updated[0].isnan()
    assert updated[2] == -torch.inf
    assert updated[[1, 3]].isfinite().all()
    updated = step_on(run, noisy_adam, p, g, zero, zero, lr=1.0, deviation=0.1, seed=0, step=0)[0][0]
    assert updated[[0, 2]].isnan().all()
    assert updated[[1, 3]].isfinite().all()


def test_the_deviation_is_annealed_from_a_variance():
    assert annealed_deviation(0, 0.01) == pytest.approx(0.1)
    assert annealed_deviation(3, 0.01, gamma=1.0) == pytest.approx(0.05)


@pytest.mark.parametrize(
    "change, sentence",
    [
        ({"gradients": []}, "differ in length"),
        ({"gradients": [torch.ones(3)]}, "a gradient has shape"),
        ({"gradients": [torch.ones(2, 2).double()]}, "float64"),
        ({"parameters": [torch.ones(2, 4)[:, ::2]]}, "not contiguous"),
        ({"seed": -1}, "seed is -1"),
        ({"seed": 2**64}, "64 bits"),
        ({"step": -1}, "step is -1"),
        ({"step": 2**32}, "one word"),
    ],
)
def test_bad_input_is_refused_with_a_sentence(change, sentence):
    arguments = {"parameters": [torch.ones(2, 2)], "gradients": [torch.ones(2, 2)], "lr": 1.0}
    arguments |= {"deviation": 1.0, "seed": 0, "step": 0}
    with pytest.raises(FrugalError, match=sentence):
        noisy_sgd(**arguments | change)


def test_cost_counts_each_tensor_once():
    assert cost(10).bytes == 120
    assert cost(10, "adam").bytes == 280
