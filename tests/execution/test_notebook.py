"""One notebook in its own processes: success, failure, a dead kernel, a time limit, nothing left behind."""

import json
import os
import sys
import tempfile
from pathlib import Path

import click
import psutil
import pytest

from utils.execution import notebook
from utils.execution.notebook import environment, execute
from utils.execution.output import CELL_BYTES, CUT

RAN = "executed.ipynb"


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
            "open('rubbish', 'w').write('x'); block = bytearray(200 << 20); import time; time.sleep(2)",
            "print(os.environ['OMP_NUM_THREADS'], os.environ['NUMBA_NUM_THREADS'])",
        ),
        cells.append,
    )
    assert outcome.error == ""
    assert outcome.results == {"01_one.quick.json": "quickcpu"}
    assert json.loads(outcome.notebook)["cells"][-1]["outputs"][0]["text"] == ["1 1\n"]
    assert outcome.peak_memory_bytes > 200 << 20
    assert cells == sorted(cells)
    assert outcome.cell == 6  # title, parameters, four cells; the one that papermill adds does not count
    assert list(scratch.iterdir()) == []


def test_what_it_cost_is_told_apart_from_waiting(job):
    busy = "import time\nwhile time.process_time() < 3: pass\ntime.sleep(1)"
    outcome = execute(job(busy))
    assert 2 < outcome.processor_seconds < outcome.seconds
    assert outcome.yardstick > 0


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


@pytest.fixture
def late(monkeypatch) -> list[int]:
    """Cells that have begun, filled by ``execute``: no time passes before the last of five, and then all."""
    begun, over = [], notebook._over
    late = lambda job, _, stopped: over(job, job.limit_seconds + 1 if 5 in begun else 0.0, stopped)  # noqa: E731
    monkeypatch.setattr(notebook, "_over", late)
    return begun


def test_time_limit_ends_kernel_and_what_it_started(job, tmp_path, eventually, scratch, late):
    started = tmp_path / "pids"
    loner = "subprocess.Popen(['sleep', '600'], start_new_session=True).pid"
    cells = (
        f"import os, subprocess; pids = [os.getpid(), subprocess.Popen(['sleep', '600']).pid, {loner}]",
        f"open({str(started)!r}, 'w').write(' '.join(map(str, pids)))",
        "while True: pass",
    )
    outcome = execute(job(*cells, limit=20.0), late.append)
    assert outcome.error == "did not end within its time limit of 20 s"
    assert outcome.cell_text == "while True: pass"
    pids = [int(pid) for pid in started.read_text().split()]
    eventually(lambda: all(map(gone, pids)))
    assert list(scratch.iterdir()) == []


def test_stopped_on_request(job):
    cells = []
    outcome = execute(job("import time; time.sleep(600)"), cells.append, lambda: 3 in cells)
    assert outcome.error == "was stopped"


def test_a_runner_that_fails_shows_its_log(job, monkeypatch):
    monkeypatch.setattr("utils.execution.notebook.RUNNER", Path("/nonexistent.py"))
    outcome = execute(job())
    assert outcome.error == "was not run to its end (its runner ended with status 2)"
    assert "nonexistent.py" in outcome.traceback


def test_a_killed_runner_is_a_failure(job):
    outcome = execute(job("import os, psutil; psutil.Process(os.getppid()).kill()"))
    assert outcome.error == "was not run to its end (its runner ended with status -9)"


def test_a_kernel_that_cannot_start_is_a_failure(job, monkeypatch):
    monkeypatch.setitem(notebook.KERNEL, "argv", ["/nonexistent/python"])
    assert execute(job("x = 1")).error.startswith("could not be run (FileNotFoundError")


def test_the_interpreter_is_this_one_whatever_jupyter_finds(job, tmp_path, monkeypatch):
    other = tmp_path / "kernels" / "python3"
    other.mkdir(parents=True)
    (other / "kernel.json").write_text(json.dumps(notebook.KERNEL | {"argv": ["/bin/false"]}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    outcome = execute(job("import sys; print(sys.executable)"))
    assert outcome.error == ""
    assert json.loads(outcome.notebook)["cells"][-1]["outputs"][0]["text"] == [f"{sys.executable}\n"]


def test_a_home_that_cannot_be_written_does_not_matter(job, monkeypatch):
    monkeypatch.setenv("HOME", "/proc")
    outcome = execute(job("print('ran')"))
    assert outcome.error == ""
    assert json.loads(outcome.notebook)["cells"][-1]["outputs"][0]["text"] == ["ran\n"]


def test_a_temporary_folder_that_cannot_be_written_is_told(job, scratch):
    scratch.rmdir()
    scratch.write_text("")
    assert execute(job()).error.startswith("could not be started: temporary files cannot be written")


@pytest.mark.parametrize("obstacle", [os.mkfifo, os.mkdir, lambda path: os.symlink("/etc/hostname", path)])
@pytest.mark.parametrize("name", ["results/01_one.quick.json", "error.json", "progress.json", RAN])
def test_what_a_cell_puts_in_a_files_place_neither_hangs_nor_counts(tmp_path, name, obstacle):
    (tmp_path / "results").mkdir()
    (tmp_path / RAN).write_text("{}")
    (tmp_path / name).unlink(missing_ok=True)
    obstacle(tmp_path / name)
    outcome = notebook._outcome(tmp_path, 1.0, 1, "", status=0)
    assert outcome.results == {}
    if name.startswith("results"):
        assert outcome.error.startswith("saved results that cannot be read")
    elif name == RAN:
        assert outcome.error.startswith("was not run to its end")


@pytest.mark.parametrize("text", ['{"error": {"a": 1}, "more": 2}', "[]", "\\udcff", '{"cell": "x"}'])
def test_false_reports_are_survived(tmp_path, text):
    for name in ("error.json", "progress.json", "executed.ipynb"):
        (tmp_path / name).write_text(text)
    assert notebook._outcome(tmp_path, 1.0, 1, "", status=1).error


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a process adopt daemons")
def test_daemons_are_counted_and_ended(job, tmp_path, eventually):
    """Fork, a session of its own, fork again, wait for the first child: how daemons leave their parents."""
    daemon = (
        "import os, time\n"
        "def daemon(number):\n"
        "    if child := os.fork(): return os.waitpid(child, 0)\n"
        "    os.setsid()\n"
        "    if os.fork(): os._exit(0)\n"
        "    block = bytearray(os.urandom(1 << 20) * 60)\n"
        f"    open({str(tmp_path)!r} + f'/{{number}}', 'w').write(str(os.getpid()))\n"
        "    time.sleep(600)"
    )
    files = [tmp_path / str(number) for number in range(3)]
    told = f"while not all(os.path.exists(file) and open(file).read() for file in {list(map(str, files))}):"
    wait = f"{told}\n    time.sleep(0.05)\ntime.sleep(2)"  # so that their memory is seen
    outcome = execute(job(daemon, "for number in range(3): daemon(number)", wait))
    assert outcome.error == ""
    pids = [int(file.read_text()) for file in files]
    eventually(lambda: all(map(gone, pids)))
    assert outcome.peak_memory_bytes > 3 * 60 << 20


def test_kernels_do_not_meet_at_ports(job, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", "/tmp")  # pytest's own is too long for a socket's name
    outcome = execute(job("import os; print(sorted(os.listdir(os.environ['FRUGAL_RUN'])))"))
    assert "kernel-ipc-1" in outcome.notebook


def test_output_beyond_its_limit_is_cut_with_a_sentence(job):
    outcome = execute(job("for i in range(30): print('x' * 10**6, flush=True)", "print('after')"))
    assert outcome.error == ""
    assert len(outcome.notebook) < CELL_BYTES + 10**5
    assert CUT.strip() in outcome.notebook
    assert "after" in outcome.notebook


def test_share_of_a_gpu(job, tmp_path, monkeypatch):
    from dataclasses import replace

    name = "PYTORCH_CUDA_ALLOC_CONF"
    monkeypatch.setenv(name, "expandable_segments:True")
    half = environment(replace(job(), gpu_fraction=0.5), tmp_path)
    assert half[name] == "expandable_segments:True,per_process_memory_fraction:0.5"
    assert environment(replace(job(), gpu_fraction=1.0), tmp_path)[name] == "expandable_segments:True"
