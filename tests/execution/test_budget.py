"""Durations, order, and what still fits."""

from types import SimpleNamespace

import pytest

from utils.errors import FrugalError
from utils.execution import budget
from utils.execution.budget import WRITING_SECONDS, Budget, seconds


@pytest.mark.parametrize("text, value", [("90", 90), ("90s", 90), ("25m", 1500), ("1.5h", 5400)])
def test_durations(text, value):
    assert seconds(text) == value


@pytest.mark.parametrize("text", ["", "m", "-3m", "0", "0h", "1d", "2 m", "nan"])
def test_no_durations(text):
    with pytest.raises(FrugalError, match="is no duration"):
        seconds(text)


def task(slug: str, took: float | None = None, result_date: str = ""):
    last = None if took is None else SimpleNamespace(seconds=took)
    return SimpleNamespace(slug=slug, profile="full", last=last, result_date=result_date)


@pytest.fixture
def clock(monkeypatch):
    now = SimpleNamespace(time=0.0)
    monkeypatch.setattr(budget.time, "monotonic", lambda: now.time)
    return now


def test_without_budget_all_run_in_order():
    tasks = [task("01", 10), task("02")]
    assert list(Budget(tasks)) == [(tasks[0], 3600), (tasks[1], 3600)]
    assert list(Budget(tasks, limit=7)) == [(tasks[0], 7), (tasks[1], 7)]


def test_without_result_first_then_the_oldest(clock):
    tasks = [
        task("01", 1, "2026-02"),
        task("02", 1, "2026-01"),
        task("03"),
        task("04", 1),
    ]
    assert [task.slug for task, _ in Budget(tasks, budget=1000)] == ["03", "04", "02", "01"]


def test_time_passes_and_the_rest_is_left_out(clock):
    chosen = Budget(
        [task("01", 40, "a"), task("02", 80, "b"), task("03", 30, "c")], budget=100 + WRITING_SECONDS
    )
    given = iter(chosen)
    first, limit = next(given)
    assert (first.slug, limit) == ("01", 100)
    clock.time = 40
    third, limit = next(given)
    assert (third.slug, limit, chosen.left_out) == ("03", 60, ["02"])


def test_an_unknown_chapter_is_expected_to_take_what_the_others_took(clock):
    tasks = [task("01", 50), task("02", 70), task("03")]
    assert [task.slug for task, _ in Budget(tasks, budget=59 + WRITING_SECONDS)] == ["01"]
    assert [task.slug for task, _ in Budget([task("03")], budget=299 + WRITING_SECONDS)] == []
    assert [task.slug for task, _ in Budget([task("03")], budget=300 + WRITING_SECONDS)] == ["03"]
