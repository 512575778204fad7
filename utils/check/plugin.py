"""A plugin of pytest, ``-p utils.check.plugin``: it counts processor seconds and prints the forecast.

With ``--hold-forecast`` a check whose forecast is over the limit fails, though all tests may have passed.
"""

import time
from collections.abc import Iterator

import pytest

from utils import chapters, yardstick
from utils.check import size
from utils.check.forecast import CHAPTERS, LIMIT_MINUTES, Tally, report
from utils.check.meter import Meter
from utils.execution.records import all_records

BETWEEN = 60  # seconds between two looks at the yardstick
_tally, _meter = Tally(), Meter()
_clock = {"seconds": 0.0, "looked": -BETWEEN}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that makes the forecast binding."""
    parser.addoption("--hold-forecast", action="store_true", help="fail when the forecast is over the limit")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    """Add to each report what its phase took; pytest-xdist carries it to the process that counts."""
    found = yield
    found.processor_seconds = _seconds_since_last()
    if time.monotonic() - _clock["looked"] > BETWEEN:
        found.yardstick = yardstick.measure()
        _clock.update(looked=time.monotonic())
    return found


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Count a report in the process that collects those of all workers; a lost worker tells no time.

    A test may name the part that it belongs to: ``record_property("part", "proofs")``.
    """
    part = dict(report.user_properties).get("part", "")
    _tally.add_test(report.nodeid, getattr(report, "processor_seconds", 0.0), part)
    _tally.yardsticks += [report.yardstick] if hasattr(report, "yardstick") else []


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Count the notebooks, which ran before the tests; a binding forecast over the limit is a failure."""
    if _is_worker(session.config):
        return
    for record in all_records():
        if record.profile == "smoke":
            _tally.add("notebooks", record.slug, record.processor_seconds)
            _tally.yardsticks.append(record.yardstick)
    if session.config.getoption("hold_forecast") and _over() and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter) -> None:
    """Print the seconds and the forecast."""
    terminalreporter.section("what the check costs")
    for line in report(_tally, _slugs()):
        terminalreporter.line(line)
    for line in size.report():
        terminalreporter.line(line)
    if _over():
        terminalreporter.line("The forecast is over the limit: make the dearest part cheaper.", red=True)


def _over() -> bool:
    return _tally.minutes(len(_slugs()), CHAPTERS) > LIMIT_MINUTES


def _slugs() -> list[str]:
    return [chapter.slug for chapter in chapters.written()]


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def _seconds_since_last() -> float:
    before, _clock["seconds"] = _clock["seconds"], _meter.seconds()
    return _clock["seconds"] - before
