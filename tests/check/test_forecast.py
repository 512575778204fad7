"""The forecast for thirty chapters, from seconds that are made up."""

import pytest

from utils.check import forecast
from utils.check.forecast import Tally

SLUGS = ["01_one", "02_two", "03_three", "04_four", "05_five", "12_denseshift"]
LAB = "tests/labs/test_written_labs.py::test_checks_are_proved[12_denseshift]@lab 12_denseshift"


@pytest.fixture
def tally():
    tally = Tally()
    tally.add_test("tests/kernels/test_simd.py::test_a[1]", 20.0)
    tally.add_test("tests/test_figures.py::test_b", 5.0)
    tally.add_test(LAB, 30.0)
    tally.add("notebooks", "12_denseshift", 12.0)
    return tally


def test_seconds_go_to_their_part_and_chapter(tally):
    assert tally.parts == {"kernels": 20.0, "package": 5.0, "labs": 30.0, "notebooks": 12.0}
    assert tally.chapters == {"12_denseshift": {"labs": 30.0, "notebooks": 12.0}}


def test_the_model(tally):
    grown = 20.0 * (1 + 0.5 * 4) + 5.0 + (30.0 + 12.0) * 5
    assert tally.forecast(written=6) == pytest.approx(forecast.INSTALL_MINUTES + grown / 102)
    assert forecast.minutes(tally.parts, 1.0) == pytest.approx(67.0 / 102)


def test_a_machine_that_is_twice_as_slow_forecasts_the_same(tally):
    slow = Tally(yardsticks=[1.8, 2.2])
    for part, seconds in tally.parts.items():
        slow.add(part, "", 2 * seconds)
    assert slow.forecast(6) == pytest.approx(tally.forecast(6))


def test_the_report_names_parts_chapters_and_the_limit(tally):
    text = "\n".join(forecast.report(tally, SLUGS))
    assert "kernels           20" in text
    assert "12_denseshift               42  (labs 30, notebooks 12)" in text
    assert "with 6 chapters" in text
    assert "limit: 45" in text
