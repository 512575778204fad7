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
    tally.add_test("tests/kernels/test_jit.py::test_a[1]", 8.0)
    tally.add_test("tests/test_figures.py::test_b", 5.0)
    tally.add_test("tests/labs/test_proof.py::test_c", 7.0)
    tally.add_test(LAB, 3.0)
    tally.add_test(LAB, 30.0, "proofs")
    tally.add("notebooks", "12_denseshift", 12.0)
    return tally


def test_seconds_go_to_their_part_and_chapter(tally):
    assert tally.parts == {"kernels": 28.0, "package": 5.0, "labs": 10.0, "proofs": 30.0, "notebooks": 12.0}
    assert tally.chapters == {"12_denseshift": {"labs": 3.0, "proofs": 30.0, "notebooks": 12.0}}


@pytest.mark.parametrize("anew, proofs", [(False, 30.0), (True, 30.0 * 5)])
def test_what_names_a_chapter_grows_and_proofs_do_where_all_are_made(tally, anew, proofs):
    grown = 20.0 * (1 + 0.5 * 4) + 8.0 + 5.0 + 7.0 + (3.0 + 12.0) * 5 + proofs
    assert tally.minutes(6, 30, anew) == pytest.approx(forecast.INSTALL_MINUTES + grown / 102)


def test_the_chapters_that_there_are_cost_what_was_measured(tally):
    assert tally.minutes(6, 6) == pytest.approx(forecast.INSTALL_MINUTES + 85.0 / 102)


def test_a_machine_that_is_twice_as_slow_forecasts_the_same(tally):
    slow = Tally(tally.parts + tally.parts, tally.growing + tally.growing, yardsticks=[1.8, 2.2])
    assert slow.minutes(6, 30) == pytest.approx(tally.minutes(6, 30))


def test_the_report_names_parts_chapters_and_the_limit(tally):
    text = "\n".join(forecast.report(tally, SLUGS))
    assert "kernels           28" in text
    assert "12_denseshift               45  (proofs 30, notebooks 12, labs 3)" in text
    assert "with 6 chapters" in text
    assert "limit: 45" in text
    assert "Labs proved, since something changed: 1 of 6." in text
    assert "With each lab of 30 proved" not in text
    assert "With each lab of 30 proved" in "\n".join(forecast.report(tally, ["12_denseshift"]))
