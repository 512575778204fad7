"""The switch ladder by hand, and against autograd through the recursion that chapter 12 builds."""

from itertools import product

import pytest
import torch

from utils.errors import FrugalError
from utils.widgets.switch_ladder import SwitchLadder


def numbers(**state):
    return SwitchLadder(**state).numbers()


def test_the_three_weights_of_the_page_by_hand():
    for latents, counts, factors in (
        ((0.3, -0.1, 0.5), [1, 0, 1], [0, 2, 1]),
        ((-0.4, 0.2, 0.1), [0, 1, 2], [1, 1, 2]),
        ((0.7, 0.6, -0.2), [1, 2, 0], [0, 0, 3]),
    ):
        result = numbers(sign=-0.4, **dict(zip(("first", "second", "third"), latents, strict=True)))
        S = counts[-1]
        assert result["counts"] == counts
        assert result["weight"] == -(2**S)
        assert result["gradients"][1:] == pytest.approx([-f / (2 * (S + 1) ** 0.5) for f in factors])


@pytest.mark.parametrize("gradient", ["root", "true"])
def test_gradients_are_those_of_autograd(gradient):
    for pattern in product((-0.5, 0.5), repeat=4):
        s, *h = (torch.tensor(float(u >= 0), requires_grad=True) for u in pattern)
        S = torch.zeros(())
        for on in h:
            S = (S + 1) * on
        W = (2 * s - 1) * (2**S if gradient == "true" else (S + 1).sqrt())
        expected = [g.item() for g in torch.autograd.grad(W, [s, *h])]
        expected[0] /= 2  # the sign passes its gradient as the identity, not as 2 h - 1
        names = ("sign", "first", "second", "third")
        result = numbers(gradient=gradient, **dict(zip(names, pattern, strict=True)))
        assert result["gradients"] == pytest.approx(expected, abs=1e-6)


def test_ten_times_the_latents_at_ten_times_the_rate_take_as_many_steps():
    small = {"sign": 0.04, "first": 0.03, "second": 0.05, "third": 0.02, "rate": 0.01}
    large = {name: 10 * value for name, value in small.items()}
    assert numbers(**small)["steps"] == pytest.approx(numbers(**large)["steps"])
    assert numbers(**small)["soonest"] == numbers(**large)["soonest"] == 0


def test_a_latent_that_is_driven_away_from_zero_never_flips():
    state = {"sign": 0.4, "first": 0.3, "second": 0.1, "third": 0.5}
    assert numbers(wanted="larger", **state)["steps"] == [None] * 4
    assert numbers(wanted="larger", **state)["soonest"] == -1
    assert None not in numbers(wanted="smaller", **state)["steps"]


def test_a_rate_of_nothing_is_refused():
    with pytest.raises(FrugalError):
        SwitchLadder.compute(0.1, 0.1, 0.1, float("nan"), "root", "smaller", 0.1)
