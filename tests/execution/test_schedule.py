"""The cluster path: a scheduler and two workers as processes of their own; results come over the wire."""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading

import psutil
import pytest

from utils.errors import FrugalError
from utils.execution import schedule
from utils.execution.session import Options, run
from utils.paths import ROOT

WORKER = ["-m", "dask", "worker", "--nthreads", "1", "--no-dashboard", "--dashboard-address", "127.0.0.1:0"]
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
CLIENT = (
    "import sys, pathlib; from utils import interruption; from utils.execution.session import Options, run; "
    "interruption.listen(); "  # as every command does
    "run([], Options(scheduler=sys.argv[1]), pathlib.Path(sys.argv[2]))"
)


@pytest.fixture(scope="module")
def processes():
    """Start Python processes; end them, with what they started, after the last test."""
    started = []

    def start(*arguments: str, **options) -> subprocess.Popen:
        # A test run in the background of a shell ignores interrupts, and its children inherit that.
        options |= {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)}
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
        start_worker(processes, address, folder)
    from distributed import Client

    with Client(address) as client:
        client.wait_for_workers(2, timeout=200)
    return address


def start_worker(processes, address, folder) -> subprocess.Popen:
    return processes(*WORKER, "--no-nanny", address, stderr=subprocess.DEVNULL, cwd=folder)


@pytest.fixture
def two(project):
    """A project with the modules that the workers have, and two chapters."""
    for name in ("utils/__init__.py", "utils/errors.py"):
        shutil.copy(ROOT / name, project.root / name)
    for slug in ("01_one", "02_two"):
        project.chapter(slug, "import utils.errors", project.saving(slug))
    return project


def test_two_workers_run_two_chapters(two, cluster):
    two.chapter("02_two", "import os; print('threads', os.environ['OMP_NUM_THREADS'])")
    run([], Options(scheduler=cluster), two.root)
    assert two.task("01_one").reason == two.task("02_two").reason == ""
    assert two.built("results", "01_one.quick.json").read_text() == two.results()
    assert "threads 1" in two.built("executed", "02_two.quick.ipynb").read_text()


def outcome(project) -> dict[str, bytes]:
    """What a run left, but for its records, which hold times."""
    files = [*project.built("executed").glob("*.ipynb"), *project.built("results").iterdir()]
    return {file.name: file.read_bytes() for file in files}


def test_a_notebook_whose_worker_is_killed_runs_again_with_the_same_results(
    two, cluster, processes, eventually, tmp_path_factory
):
    go, marks = two.root / "go", two.root / "marks"
    marks.mkdir()
    for slug in ("01_one", "02_two"):
        mark = f"import os, time; size = open('{marks}/{slug}', 'w').write(str(os.getpid()))"
        wait = f"while not os.path.exists({str(go)!r}): time.sleep(0.05)"
        two.chapter(slug, "import utils.errors", mark, wait, two.saving(slug))
    client = processes("-c", CLIENT, cluster, str(two.root), stderr=subprocess.PIPE)
    eventually(lambda: len([file for file in marks.iterdir() if file.read_text()]) == 2)
    kernel = psutil.Process(int((marks / "01_one").read_text()))
    worker = next(parent for parent in kernel.parents() if "worker" in parent.cmdline())
    worker.kill()
    eventually(lambda: not kernel.is_running() or kernel.status() == psutil.STATUS_ZOMBIE)
    go.touch()
    said = client.communicate(timeout=300)[1]
    start_worker(processes, cluster, tmp_path_factory.mktemp("another"))
    assert client.returncode == 0, said
    spread = outcome(two)
    assert len(spread) == 4
    shutil.rmtree(two.built())
    run([], Options(workers=1), two.root)
    assert outcome(two) == spread


def test_chapters_run_at_the_same_time(two, cluster):
    wait = "import time, pathlib; here, there = pathlib.Path({0!r}), pathlib.Path({1!r}); here.touch()"
    until = "while not there.exists(): time.sleep(0.05)"
    marks = [str(two.root / name) for name in "ab"]
    two.chapter("01_one", wait.format(*marks), until)
    two.chapter("02_two", wait.format(*reversed(marks)), until)
    run([], Options(scheduler=cluster, limit="200s"), two.root)


def test_a_worker_with_other_code_is_refused(two, cluster, capsys):
    two.module("utils/errors.py", "other = True")
    with pytest.raises(FrugalError, match="2 of 2 notebooks failed: 01_one, 02_two"):
        run([], Options(scheduler=cluster), two.root)
    assert "other code on its worker than here (utils/errors.py)" in capsys.readouterr().err


def test_an_interrupted_client_stops_the_kernel_on_the_worker(two, cluster, processes, eventually):
    mark = two.root / "pid"
    hang = f"import os, time; open({str(mark)!r}, 'w').write(str(os.getpid()))\ntime.sleep(600)"
    two.chapter("01_one", hang)
    two.chapter("02_two", "print('done')")
    client = processes("-c", CLIENT, cluster, str(two.root), stderr=subprocess.DEVNULL)
    eventually(lambda: mark.exists() and mark.read_text())
    kernel = psutil.Process(int(mark.read_text()))
    os.kill(client.pid, signal.SIGINT)
    assert client.wait(200) != 0
    eventually(lambda: not kernel.is_running() or kernel.status() == psutil.STATUS_ZOMBIE)


def test_no_scheduler_and_no_worker_are_said(processes, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(schedule, "CONNECT_SECONDS", 1)
        for nowhere in ("127.0.0.1:9", "nonsense://x"):
            with pytest.raises(FrugalError, match="no Dask scheduler answers"), schedule.remote(nowhere):
                pass
    scheduler = processes(*SCHEDULER, stderr=subprocess.PIPE, cwd=tmp_path)
    line = next(line for line in scheduler.stderr if "Scheduler at:" in line)
    address = re.search(r"tcp://\S+", line)[0]
    with pytest.raises(FrugalError, match="has no worker"), schedule.remote(address):
        pass


def test_a_cluster_that_lost_its_workers_is_said(two, processes, tmp_path, monkeypatch, eventually):
    monkeypatch.setattr(schedule, "PATIENCE_SECONDS", 1)
    monkeypatch.setattr(schedule, "LOOK_SECONDS", 1)
    scheduler = processes(*SCHEDULER, stderr=subprocess.PIPE, cwd=tmp_path)
    line = next(line for line in scheduler.stderr if "Scheduler at:" in line)
    address = re.search(r"tcp://\S+", line)[0]
    worker = start_worker(processes, address, tmp_path)
    mark = two.root / "mark"
    two.chapter("01_one", f"import time; open({str(mark)!r}, 'w').close(); time.sleep(600)")
    threading.Thread(target=lambda: (eventually(mark.exists), worker.kill())).start()
    from distributed import Client

    with Client(address) as client:
        client.wait_for_workers(1, timeout=200)
    with pytest.raises(FrugalError, match="the cluster has lost all its workers"):
        run(["1"], Options(scheduler=address), two.root)


def test_workers_and_scheduler_exclude_each_other(project):
    with pytest.raises(FrugalError, match="--workers is for this machine"):
        run([], Options(scheduler="x", workers=2), project.root)


@pytest.mark.parametrize(
    "cores, device, gib, workers",
    [(1, "cpu", 8, 1), (8, "cpu", 64, 8), (8, "cpu", 4, 2), (16, "cuda", 64, 1)],
)
def test_default_number_of_workers(monkeypatch, cores, device, gib, workers):
    monkeypatch.setattr("distributed.system.MEMORY_LIMIT", gib << 30)
    assert schedule._default_workers(cores, device) == workers
