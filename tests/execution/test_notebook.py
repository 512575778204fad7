"""One notebook in its own processes: success, failure, a dead kernel, a time limit, nothing left behind."""

import json
import tempfile
from pathlib import Path

import click
import psutil
import pytest

from utils.execution.notebook import environment, execute


def gone(pid: int) -> bool:
    """Whether a process has ended; one that its parent has not yet asked about has."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@pytest.fixture(autouse=True)
def scratch(tmp_path, monkeypatch) -> Path:
    """Temporary folders of this test, to see that they go."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_success(job, scratch):
    cells = []
    outcome = execute(
        job(
            "import os, pathlib; results = pathlib.Path(os.environ['FRUGAL_RESULTS'])",
            "(results / '01_one.quick.json').write_text(os.environ['FRUGAL_PROFILE'] + device)",
            "open('rubbish', 'w').write('x'); block = bytearray(200 << 20); import time; time.sleep(0.6)",
            "print(os.environ['OMP_NUM_THREADS'], os.environ['NUMBA_NUM_THREADS'])",
            threads=3,
        ),
        cells.append,
    )
    assert outcome.error == ""
    assert outcome.results == {"01_one.quick.json": "quickcpu"}
    assert json.loads(outcome.notebook)["cells"][-1]["outputs"][0]["text"] == ["3 3\n"]
    assert outcome.peak_memory_bytes > 200 << 20
    assert cells == sorted(cells)
    assert outcome.cell == 6  # title, parameters, four cells; the one that papermill adds does not count
    assert list(scratch.iterdir()) == []


def test_failing_cell(job):
    outcome = execute(job("print('before')", "def f():\n    return 1 / 0\nf()", "print('after')"))
    assert outcome.error == "ZeroDivisionError: division by zero"
    assert (outcome.cell, outcome.cell_text.splitlines()[0]) == (4, "def f():")
    assert "return 1 / 0" in click.unstyle(outcome.traceback)
    assert "before" in outcome.notebook


def test_dead_kernel(job):
    outcome = execute(job("import os, signal; os.kill(os.getpid(), signal.SIGKILL)"))
    assert outcome.error.startswith("the kernel died")
    assert outcome.cell == 3


def test_time_limit_ends_kernel_and_what_it_started(job, tmp_path, eventually, scratch):
    started = tmp_path / "pids"
    loner = "subprocess.Popen(['sleep', '600'], start_new_session=True).pid"
    cells = (
        f"import os, subprocess, time; pids = [os.getpid(), subprocess.Popen(['sleep', '600']).pid, {loner}]",
        f"time.sleep(1); open({str(started)!r}, 'w').write(' '.join(map(str, pids)))",
        "while True: pass",
    )
    outcome = execute(job(*cells, limit=10.0))
    assert outcome.error == "did not end within its time limit of 10 s"
    assert outcome.cell_text == "while True: pass"
    pids = [int(pid) for pid in started.read_text().split()]
    eventually(lambda: all(map(gone, pids)), 5)
    assert list(scratch.iterdir()) == []


def test_stopped_on_request(job):
    cells = []
    outcome = execute(job("import time; time.sleep(600)"), cells.append, lambda: 3 in cells)
    assert outcome.error == "was stopped"


def test_missing_kernel_shows_the_log(job, monkeypatch):
    monkeypatch.setattr("utils.execution.notebook.RUNNER", Path("/nonexistent.py"))
    outcome = execute(job())
    assert outcome.error == "could not be started"
    assert "nonexistent.py" in outcome.traceback


def test_share_of_a_gpu(job, tmp_path, monkeypatch):
    from dataclasses import replace

    name = "PYTORCH_CUDA_ALLOC_CONF"
    monkeypatch.setenv(name, "expandable_segments:True")
    half = environment(replace(job(), gpu_fraction=0.5), tmp_path)
    assert half[name] == "expandable_segments:True,per_process_memory_fraction:0.5"
    assert environment(replace(job(), gpu_fraction=1.0), tmp_path)[name] == "expandable_segments:True"
