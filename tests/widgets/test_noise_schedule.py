import numpy as np
import pytest

from utils.widgets.noise_schedule import HORIZON, NoiseSchedule, compute, total

PAPER = {"rate": 0.1, "eta": 0.01, "gamma": 0.55, "start": 0.0, "steps": 1000, "fan_in": 50, "layers": 20}


@pytest.mark.parametrize("gamma", [0.0, 0.05, 0.24, 0.55, 1.0, 1.1])
@pytest.mark.parametrize("count", [1, 63, 64, 65, 1000, HORIZON])
def test_the_total_is_the_sum(gamma, count):
    """The midpoint rule misses at most gamma / 24 * 64^-(1 + gamma), which is below 6e-5."""
    exact = (np.arange(1.0, count + 1) ** -gamma).sum()
    assert total(count, gamma) == pytest.approx(exact, rel=1e-12, abs=6e-5)


@pytest.mark.parametrize("change", [{}, {"start": 0.1}, {"rate": 1.0, "gamma": 0.9}, {"eta": 1.0}])
def test_the_walk_is_at_the_target_when_it_arrives(change):
    state = {**PAPER, **change}
    step = compute(**state)["arrival"]
    assert compute(**{**state, "steps": step})["deviation"] >= compute(**state)["target"]
    assert compute(**{**state, "steps": step - 1})["deviation"] < compute(**state)["target"]


def test_the_ends_of_arrival():
    assert compute(**{**PAPER, "start": 0.3})["arrival"] == 1
    assert compute(**{**PAPER, "rate": 0.01})["arrival"] is None
    assert compute(**{**PAPER, "eta": 0.0})["arrival"] is None


def test_a_half_of_the_target_halves_the_signal_of_every_layer():
    assert compute(**{**PAPER, "start": 0.1, "eta": 0.0})["gain"] == pytest.approx(20 * np.log10(0.5))


def test_the_noise_is_drawn_beside_the_weights():
    numbers = NoiseSchedule(eta=0.04).numbers()
    assert len(numbers["noises"]) == len(numbers["deviations"]) == len(numbers["times"])
    assert numbers["noises"][0] == pytest.approx(0.2)  # eta is a variance


def test_the_decay_of_a_variance_passed_as_a_deviation_can_be_set():
    """Its variance is eta^2 / (1 + t)^1.1; with eta 0.05 it never arrives, with 0.81 after 3,000 steps."""
    bug = {**PAPER, "gamma": 1.1}
    assert compute(**{**bug, "eta": 0.05**2})["arrival"] is None
    assert compute(**{**bug, "eta": 0.81**2})["arrival"] == pytest.approx(3000, rel=0.01)
    assert NoiseSchedule(gamma=1.1).numbers()["deviation"] > 0
