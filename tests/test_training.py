import random

import numpy as np
import pytest
import torch

from utils import training
from utils.errors import FrugalError


@pytest.mark.parametrize(
    "available, asked, given",
    [
        (True, "auto", "cuda"),
        (False, "auto", "cpu"),
        (True, "cpu", "cpu"),
        (True, "cuda", "cuda"),
        (False, "cpu", "cpu"),
    ],
)
def test_the_device_follows_the_machine_unless_told(monkeypatch, available, asked, given):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: available)
    assert training.pick_device(asked).type == given


@pytest.mark.parametrize("device, reason", [("cuda", "needs a GPU"), ("tpu", "unknown")])
def test_a_device_that_is_not_there_is_refused(monkeypatch, device, reason):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(FrugalError, match=reason):
        training.pick_device(device)


def test_one_seed_gives_the_same_numbers_everywhere():
    def draw():
        training.seed_everything(3)
        return random.random(), np.random.rand(), torch.rand(1).item()

    assert draw() == draw()


def test_a_seed_s_numbers_do_not_depend_on_its_neighbors():
    def draw(generator):
        return torch.randn(4, generator=generator)

    both = training.draw_per_seed([5, 7], draw)
    assert both.shape == (2, 4)
    assert torch.equal(both[1], training.draw_per_seed([7], draw)[0])
    assert not torch.equal(both[0], both[1])


def test_the_schedule_rises_then_falls_to_zero():
    steps, warmup = 20, 5
    factors = [training.cosine_factor(step, steps, warmup) for step in range(steps + 1)]
    assert factors[:warmup] == pytest.approx([0.2, 0.4, 0.6, 0.8, 1.0])
    assert factors[warmup] == max(factors) == 1
    assert all(a > b for a, b in zip(factors[warmup:], factors[warmup + 1 :], strict=False))
    assert factors[-1] == 0
    # Half a cosine is point-symmetric about its middle: the mean over a full period of steps is one half.
    assert np.mean(factors[warmup:]) == pytest.approx(0.5)


@pytest.mark.parametrize("steps, warmup", [(1, 0), (3, 3), (2, 5)])
def test_short_runs_keep_a_positive_finite_rate(steps, warmup):
    assert all(0 < training.cosine_factor(step, steps, warmup) <= 1 for step in range(steps))


def test_the_scheduler_drives_the_optimizer():
    weight = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.SGD([weight], lr=0.1)
    schedule = training.cosine_schedule(optimizer, steps=10, warmup=2)
    rates = []
    for _ in range(10):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    assert rates == pytest.approx([0.1 * training.cosine_factor(step, 10, 2) for step in range(10)])


def test_progress_passes_everything_on_and_leaves_nothing_on_the_screen(capsys):
    assert list(training.progress(range(3), "seeds")) == [0, 1, 2]
    shown = capsys.readouterr().out
    assert "seeds" in shown
    assert shown.split("\r")[-1].strip() == ""
