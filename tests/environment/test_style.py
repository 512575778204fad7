"""One style for all code, notebooks included: what `ruff check` and `ruff format` say."""

import subprocess
import sys

import pytest

from utils.paths import ROOT


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]], ids=" ".join)
def test_ruff_has_no_complaint(command):
    call = [sys.executable, "-m", "ruff", *command, "--no-cache", "."]
    done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
