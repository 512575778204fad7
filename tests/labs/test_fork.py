"""Work in a fork: its value, or a sentence about why there is none."""

import subprocess
import sys

import pytest

from utils.paths import ROOT

RUN = """
import os, sys, time
from utils.labs import fork
fork.PATIENCE = {patience}
print(fork.forked(lambda: {work}, 1))
"""


@pytest.mark.parametrize(
    ("work", "said"),
    [
        ("6 * 7", "value=42"),
        ("print('x' * 10**6)", "failure=''"),
        ("os._exit(3)", "failure='the answer ended its process'"),
        ("sum(iter(int, 1))", "failure='took longer than 1 s of processor time'"),
        ("time.sleep(60)", "failure='took longer than 3 s'"),
    ],
)
def test_outcomes(work, said):
    done = subprocess.run(
        [sys.executable, "-c", RUN.format(work=work, patience=3 if "sleep" in work else 60)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert said in done.stdout, done.stderr
    assert len(done.stdout) < 200
