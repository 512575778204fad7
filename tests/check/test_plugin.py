"""A small test run with the plugin: it prints the forecast, which may be made binding."""

import re
import subprocess
import sys

import pytest

from utils.paths import ROOT

TEST = """
import pytest

@pytest.mark.parametrize("slug", ["12_denseshift"])
def test_work(slug, record_property):
    record_property("part", "proofs")
    sum(range(2_000_000))

def test_left_out():
    pytest.skip("the reason")
"""
CRASH = "import os\n\ndef test_crash():\n    os._exit(1)\n"


@pytest.fixture
def run(tmp_path):
    """Function that checks a folder of two tests with a limit and more options; exit status and output."""
    (tmp_path / "tests/labs").mkdir(parents=True)
    (tmp_path / "tests/labs/test_it.py").write_text(TEST)

    def run(limit: float, *options: str):
        code = (
            f"import sys, pytest; from utils.check import forecast; forecast.LIMIT_MINUTES = {limit}; "
            "sys.exit(pytest.main(sys.argv[1:]))"
        )
        arguments = ["-p", "utils.check.plugin", "-p", "no:cacheprovider", "-ra", "--rootdir", str(tmp_path)]
        command = [sys.executable, "-c", code, *arguments, *options, str(tmp_path)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    return run


def test_it_prints_what_all_workers_cost(run):
    status, output = run(1e6, "-n", "2")
    assert status == 0, output
    assert re.search(r"12_denseshift .*proofs \d+", output)
    assert "forecast for 30" in output
    assert "yardstick" in output
    assert "the reason" in output


def test_a_worker_that_is_lost_is_a_failure_and_no_more(run, tmp_path):
    (tmp_path / "tests/labs/test_crash.py").write_text(CRASH)
    status, output = run(1e6, "-n", "1")
    assert status == 1
    assert "1 failed, 1 passed, 1 skipped" in output
    assert "forecast for 30" in output


@pytest.mark.parametrize("options, expected", [((), 0), (("--hold-forecast",), 1)])
def test_a_forecast_over_the_limit_is_told_and_fails_where_it_binds(run, options, expected):
    status, output = run(0, *options)
    assert status == expected
    assert "The forecast is over the limit" in output


def test_a_forecast_within_the_limit_does_not_fail(run):
    assert run(1e6, "--hold-forecast")[0] == 0
