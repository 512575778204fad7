"""Run one notebook to its end, its failure or its time limit, in processes of its own."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from utils.execution.processes import Family

RUNNER = Path(__file__).with_name("runner.py")
SAMPLE_SECONDS = 0.2
REPORT_SECONDS = 10.0  # a long cell is reported again, so that a log shows that it goes on
THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)


@dataclass(frozen=True)
class Job:
    """What a worker needs to run a notebook; travels over the wire.

    ``gpu_fraction`` is the share of a GPU's memory, 0 without GPU.
    """

    slug: str
    text: str
    parameters: dict[str, Any]
    limit_seconds: float
    threads: int
    gpu_fraction: float


@dataclass(frozen=True)
class Outcome:
    """What a run gave; travels over the wire. ``error`` is empty after success.

    ``notebook`` is the executed notebook, as far as it came; ``results`` maps file names to text; ``cell`` is
    the number (from 1) of the cell that ran last, ``cell_text`` its source;
    ``changed`` names the project's files that were edited while it ran.
    """

    notebook: str
    results: dict[str, str]
    seconds: float
    peak_memory_bytes: int
    error: str = ""
    traceback: str = ""
    cell: int = 0
    cell_text: str = ""
    changed: tuple[str, ...] = ()


def execute(
    job: Job, report: Callable[[int], None] = lambda cell: None, stopped: Callable[[], bool] = lambda: False
) -> Outcome:
    """Run the notebook in a folder that is removed afterwards.

    Parameters
    ----------
    report
        Called with the number of each cell that starts, and again every ``REPORT_SECONDS``.
    stopped
        Asked several times a second whether to give up.
    """
    with tempfile.TemporaryDirectory(prefix="frugal-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "desk").mkdir()  # the notebook's working directory: what it writes there is gone with it
        (folder / "results").mkdir()
        (folder / "source.ipynb").write_text(job.text, encoding="utf-8")
        (folder / "job.json").write_text(json.dumps({"parameters": job.parameters}), encoding="utf-8")
        return _watch(job, folder, report, stopped)


def environment(job: Job, folder: Path) -> dict[str, str]:
    """The kernel's environment variables: results, profile, its share of threads and of GPU memory."""
    given = {
        "FRUGAL_RESULTS": str(folder / "results"),
        "FRUGAL_PROFILE": str(job.parameters.get("profile", "")),
        "JUPYTER_PREFER_ENV_PATH": "1",  # this environment's kernel, not one of the same name in the home
        "PYTHONUNBUFFERED": "1",
    }
    given |= dict.fromkeys(THREAD_VARIABLES, str(job.threads))
    if 0 < job.gpu_fraction < 1:
        known = [os.environ.get("PYTORCH_CUDA_ALLOC_CONF"), f"per_process_memory_fraction:{job.gpu_fraction}"]
        given["PYTORCH_CUDA_ALLOC_CONF"] = ",".join(filter(None, known))
    return os.environ | given


def _watch(job: Job, folder: Path, report: Callable[[int], None], stopped: Callable[[], bool]) -> Outcome:
    start = time.monotonic()
    with (folder / "log").open("wb") as log:
        runner = subprocess.Popen(
            [sys.executable, "-P", str(RUNNER)],
            cwd=folder,
            env=environment(job, folder),
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    family, peak, cell, reported, error = Family(runner.pid), 0, 0, start, ""
    try:
        while runner.poll() is None and not error:
            peak = max(peak, family.memory())
            now = _read(folder / "progress.json").get("cell", 0)
            if now != cell or time.monotonic() > reported + REPORT_SECONDS:
                report(cell := now)
                reported = time.monotonic()
            error = _over(job, time.monotonic() - start, stopped)
            time.sleep(SAMPLE_SECONDS)
    finally:
        family.kill()
        runner.wait()
        runner.stdin.close()
    return _outcome(folder, time.monotonic() - start, peak, error)


def _over(job: Job, seconds: float, stopped: Callable[[], bool]) -> str:
    if seconds > job.limit_seconds:
        return f"did not end within its time limit of {job.limit_seconds:.0f} s"
    return "was stopped" if stopped() else ""


def _outcome(folder: Path, seconds: float, peak: int, error: str) -> Outcome:
    failed = {"error": error, "traceback": ""} if error else _read(folder / "error.json")
    executed = folder / "executed.ipynb"
    whole = bool(_read(executed))
    if not failed and not whole:
        log = (folder / "log").read_text(encoding="utf-8", errors="replace")
        failed = {"error": "could not be started", "traceback": log[-4000:]}
    text = executed.read_text(encoding="utf-8") if whole else ""
    results = {path.name: path.read_text(encoding="utf-8") for path in (folder / "results").glob("[!.]*")}
    return Outcome(text, results, seconds, peak, **failed, **_read(folder / "progress.json"))


def _read(path: Path) -> dict[str, Any]:
    """A JSON file's content, empty where it is missing or not whole: its writer may have been killed."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
