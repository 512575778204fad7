"""The cluster path: a scheduler and two workers as processes of their own; results come over the wire."""

import os
import re
import shutil
import signal
import subprocess
import sys

import psutil
import pytest

from utils.errors import FrugalError
from utils.execution import schedule
from utils.execution.session import Options, run
from utils.paths import ROOT

WORKER = ["-m", "dask", "worker", "--nthreads", "2", "--no-dashboard", "--dashboard-address", "127.0.0.1:0"]
SCHEDULER = [
    "-m",
    "dask",
    "scheduler",
    "--host",
    "127.0.0.1",
    "--port",
    "0",
    "--dashboard-address",
    "127.0.0.1:0",
]


@pytest.fixture(scope="module")
def processes():
    """Start Python processes; end them, with what they started, after the last test."""
    started = []

    def start(*arguments: str, **options) -> subprocess.Popen:
        process = subprocess.Popen([sys.executable, *arguments], text=True, **options)
        started.append(process)
        return process

    yield start
    for process in reversed(started):
        family = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
        process.kill()
        process.wait()
        for child in family:
            child.kill()


@pytest.fixture(scope="module")
def cluster(processes, tmp_path_factory) -> str:
    """The address of a scheduler with two workers, which stand in another folder than the project."""
    folder = tmp_path_factory.mktemp("cluster")
    scheduler = processes(*SCHEDULER, stderr=subprocess.PIPE, cwd=folder)
    line = next(line for line in scheduler.stderr if "Scheduler at:" in line)
    address = re.search(r"tcp://\S+", line)[0]
    for _ in range(2):
        processes(*WORKER, "--no-nanny", address, stderr=subprocess.DEVNULL, cwd=folder)
    from distributed import Client

    with Client(address) as client:
        client.wait_for_workers(2, timeout=60)
    return address


@pytest.fixture
def two(project):
    """A project with the modules that the workers have, and two chapters."""
    for name in ("utils/__init__.py", "utils/errors.py"):
        shutil.copy(ROOT / name, project.root / name)
    save = "(Path(os.environ['FRUGAL_RESULTS']) / f'{slug}.quick.json').write_text(str(os.getppid()))"
    for slug in ("01_one", "02_two"):
        cells = ("import os, time, utils.errors; from pathlib import Path; time.sleep(2)", save)
        project.chapter(slug, f"slug = {slug!r}", *cells)
    return project


def test_two_workers_run_two_chapters_with_their_threads(two, cluster):
    two.chapter("02_two", "import os; print('threads', os.environ['OMP_NUM_THREADS'])")
    run([], Options(scheduler=cluster), two.root)
    assert two.task("01_one").reason == two.task("02_two").reason == ""
    assert two.built("results", "01_one.quick.json").read_text().isdigit()
    assert "threads 2" in two.built("executed", "02_two.quick.ipynb").read_text()


def test_chapters_run_at_the_same_time(two, cluster):
    wait = "import time, pathlib; here, there = pathlib.Path({0!r}), pathlib.Path({1!r}); here.touch()"
    until = "while not there.exists(): time.sleep(0.05)"
    marks = [str(two.root / name) for name in "ab"]
    two.chapter("01_one", wait.format(*marks), until)
    two.chapter("02_two", wait.format(*reversed(marks)), until)
    run([], Options(scheduler=cluster, limit="60s"), two.root)


def test_a_worker_with_other_code_is_refused(two, cluster, capsys):
    two.module("utils/errors.py", "other = True")
    with pytest.raises(FrugalError, match="2 of 2 notebooks failed: 01_one, 02_two"):
        run([], Options(scheduler=cluster), two.root)
    assert "other code on its worker than here (utils/errors.py)" in capsys.readouterr().err


def test_an_interrupted_client_stops_the_kernel_on_the_worker(two, cluster, processes, eventually):
    mark = two.root / "pid"
    hang = f"import os, time; open({str(mark)!r}, 'w').write(str(os.getpid()))\ntime.sleep(600)"
    two.chapter("01_one", hang)
    script = (
        "import sys, pathlib; from utils.execution.session import Options, run; "
        "run(['1'], Options(scheduler=sys.argv[1]), pathlib.Path(sys.argv[2]))"
    )
    client = processes("-c", script, cluster, str(two.root), stderr=subprocess.DEVNULL)
    eventually(lambda: mark.exists() and mark.read_text())
    kernel = psutil.Process(int(mark.read_text()))
    os.kill(client.pid, signal.SIGINT)
    assert client.wait(20) != 0
    eventually(lambda: not kernel.is_running() or kernel.status() == psutil.STATUS_ZOMBIE)


def test_no_scheduler_and_no_worker_are_said(processes, tmp_path, monkeypatch):
    monkeypatch.setattr(schedule, "CONNECT_SECONDS", 1)
    with pytest.raises(FrugalError, match="no Dask scheduler answers"), schedule.remote("127.0.0.1:9"):
        pass
    with pytest.raises(FrugalError, match="no Dask scheduler answers"), schedule.remote("nonsense://x"):
        pass
    scheduler = processes(*SCHEDULER, stderr=subprocess.PIPE, cwd=tmp_path)
    line = next(line for line in scheduler.stderr if "Scheduler at:" in line)
    address = re.search(r"tcp://\S+", line)[0]
    with pytest.raises(FrugalError, match="has no worker"), schedule.remote(address):
        pass


def test_workers_and_scheduler_exclude_each_other(project):
    with pytest.raises(FrugalError, match="--workers is for this machine"):
        run([], Options(scheduler="x", workers=2), project.root)


@pytest.mark.parametrize(
    "cores, device, gib, workers",
    [(1, "cpu", 8, 1), (8, "cpu", 64, 4), (8, "cpu", 4, 2), (16, "cuda", 64, 1)],
)
def test_default_number_of_workers(monkeypatch, cores, device, gib, workers):
    monkeypatch.setattr("distributed.system.MEMORY_LIMIT", gib << 30)
    assert schedule._default_workers(cores, device) == workers
