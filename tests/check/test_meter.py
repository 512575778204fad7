"""A child's seconds count once, whether somebody waits for it or not."""

import subprocess
import sys
import time

import pytest

from utils.check import meter
from utils.check.meter import Meter

BUSY = "import time\nwhile time.process_time() < 2: pass\n"


@pytest.mark.parametrize("ending", ["", "import os, signal; os.kill(os.getppid(), signal.SIGKILL)"])
def test_a_child_that_nobody_waits_for_counts_too(monkeypatch, ending):
    """The second child is killed together with its parent, which never waited for it."""
    monkeypatch.setattr(meter, "SECONDS", 0.05)
    counted = Meter()
    before = counted.seconds()
    command = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {BUSY + ending!r}])"
    subprocess.run([sys.executable, "-c", command])
    assert 1 < counted.seconds() - before < 8


def test_it_never_runs_backwards(monkeypatch):
    monkeypatch.setattr(meter, "SECONDS", 0.05)
    counted = Meter()
    seen = []
    for _ in range(3):
        child = subprocess.Popen([sys.executable, "-c", "pass"])
        seen.append(counted.seconds())
        child.kill()
        child.wait()
        time.sleep(0.1)
    assert seen == sorted(seen)
