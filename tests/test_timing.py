"""What a comparison of times keeps to on any machine: order, counts, ratios. The clock is made up."""

import itertools

import pytest
import torch

from utils import timing
from utils.errors import FrugalError


@pytest.fixture
def clock(monkeypatch):
    """A clock that only moves when a timed function moves it."""
    state = {"now": 0.0}
    monkeypatch.setattr(timing.time, "perf_counter", lambda: state["now"])

    def function(seconds, first=None, log=None, name=None):
        calls = itertools.count()

        def call():
            number = next(calls)
            state["now"] += first if number == 0 and first is not None else seconds
            if log is not None:
                log.append(name)

        return call

    return function


def test_medians_and_ratios_of_known_times(clock):
    times = timing.compare_times({"slow": clock(0.06), "fast": clock(0.02)}, repeats=5)
    assert times["fast"].median == pytest.approx(0.02)
    assert times["fast"].ratio == pytest.approx(3)
    assert times["slow"].ratio == times["slow"].ratio_low == times["slow"].ratio_high == 1


def test_the_first_call_is_reported_apart(clock):
    times = timing.compare_times({"compiled": clock(0.01, first=5.0)}, repeats=3)
    assert times["compiled"].first == pytest.approx(5)
    assert times["compiled"].high == pytest.approx(0.01)


def test_short_functions_are_called_many_times_a_sample(clock):
    log = []
    times = timing.compare_times({"short": clock(1e-5, log=log, name="short")}, repeats=4, warmup=1)
    assert len(log) == pytest.approx(1 + 1 + 4 * timing.SHORTEST / 1e-5, abs=8)
    assert times["short"].median == pytest.approx(1e-5)


def test_rounds_interleave_and_rotate(clock):
    log = []
    functions = {name: clock(1.0, log=log, name=name) for name in "abc"}
    timing.compare_times(functions, repeats=3, warmup=1)
    assert "".join(log[6:]) == "abc" + "bca" + "cab"


def test_all_functions_run_on_the_threads_asked_for_and_no_longer():
    seen, before = [], torch.get_num_threads()
    functions = {name: lambda: seen.append(torch.get_num_threads()) for name in "ab"}
    for threads in (1, 2):
        timing.compare_times(functions, repeats=1, warmup=1, threads=threads)
        assert set(seen) == {threads}
        seen.clear()
    assert torch.get_num_threads() == before


def test_a_slow_second_of_the_machine_leaves_the_ratio_alone(monkeypatch):
    # Both samples of round two take ten times as long: pairing within a round keeps the ratio at 2.
    samples = iter([1, 1, 1, 1, 2.0, 1.0, 10.0, 20.0, 2.0, 1.0])  # first, warm-up, then rounds (rotating)
    monkeypatch.setattr(timing, "_sample", lambda function, calls: next(samples))
    times = timing.compare_times({"base": None, "other": None}, repeats=3, warmup=1)
    assert (times["other"].ratio_low, times["other"].ratio, times["other"].ratio_high) == (2, 2, 2)


def test_the_fastest_call_counts_for_a_limit(clock):
    calls = itertools.cycle([clock(0.05), clock(0.02), clock(0.04)])
    assert timing.fastest(lambda: next(calls)(), seconds=1) == pytest.approx(0.02)


def test_work_on_a_gpu_is_waited_for_before_and_after_each_sample(clock, monkeypatch):
    log = []
    for question in ("is_available", "is_initialized"):
        monkeypatch.setattr(torch.cuda, question, lambda: True)
    monkeypatch.setattr(torch.cuda, "synchronize", lambda: log.append("wait"))
    timing.compare_times({"kernel": clock(1.0, log=log, name="call")}, repeats=2, warmup=1)
    assert log == ["wait", "call", "wait"] * 4  # first, warm-up, two rounds


@pytest.mark.parametrize("functions, repeats", [({}, 3), ({"a": lambda: None}, 0)])
def test_nothing_to_time_is_an_error(functions, repeats):
    with pytest.raises(FrugalError, match="at least one"):
        timing.compare_times(functions, repeats)


@pytest.mark.parametrize(
    "seconds, text", [(2.5, "2.5 s"), (0.00125, "1.25 ms"), (3.2e-5, "32 µs"), (8e-9, "8 ns")]
)
def test_times_read_with_a_fitting_unit(seconds, text):
    assert timing.seconds_text(seconds) == text
