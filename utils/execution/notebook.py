"""Run one notebook to its end, its failure or its time limit, in processes of its own."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from utils import yardstick
from utils.errors import FrugalError
from utils.execution.processes import MARK, Family
from utils.execution.scratch import scratch
from utils.files import read_regular
from utils.threads import ONE_THREAD

RUNNER = Path(__file__).with_name("runner.py")
SAMPLE_SECONDS = 0.2
REPORT_SECONDS = 10.0  # a long cell is reported again, so that a log shows that it goes on
KERNEL = {
    "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
    "display_name": "Python 3",
    "language": "python",
}


@dataclass(frozen=True)
class Job:
    """What a worker needs to run a notebook; travels over the wire.

    ``gpu_fraction`` is the share of a GPU's memory, 0 without GPU; ``fingerprint`` the narrow one, which goes
    into the results.
    """

    slug: str
    text: str
    parameters: dict[str, Any]
    limit_seconds: float
    gpu_fraction: float
    fingerprint: str = ""


@dataclass(frozen=True)
class Outcome:
    """What a run gave; travels over the wire. ``error`` is empty after success.

    ``notebook`` is the executed notebook, as far as it came; ``results`` maps file names to text; ``cell`` is
    the number (from 1) of the cell that ran last, ``cell_text`` its source;
    ``changed`` names the project's files that were edited while it ran; ``processor_seconds`` is what kernel
    and children computed, ``yardstick`` how slow the machine was (``utils.yardstick``).
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
    processor_seconds: float = 0.0
    yardstick: float = 0.0


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
    before = yardstick.measure()
    try:
        with scratch() as folder:
            _prepare(job, folder)
            outcome = _watch(job, folder, report, stopped)
        return replace(outcome, yardstick=(before + yardstick.measure()) / 2)
    except (OSError, FrugalError) as error:
        return Outcome("", {}, 0.0, 0, f"could not be started: {error}")


def environment(job: Job, folder: Path) -> dict[str, str]:
    """The kernel's environment variables: results, profile, one thread, its share of a GPU's memory.

    What Jupyter and IPython write goes into ``folder``, so that a run needs no writable home and leaves
    nothing there; what a reader has set for them there has no effect on it.
    """
    kernels = [str(folder / "jupyter"), os.environ.get("JUPYTER_PATH")]
    given = {
        MARK: str(folder),
        "FRUGAL_RESULTS": str(folder / "results"),
        "FRUGAL_FINGERPRINT": job.fingerprint,
        "FRUGAL_PROFILE": str(job.parameters.get("profile", "")),
        "JUPYTER_PATH": os.pathsep.join(filter(None, kernels)),  # looked through before all other places
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "IPYTHONDIR": str(folder / "ipython"),
        "TMPDIR": str(folder / "tmp"),
        "PYTHONUNBUFFERED": "1",
    }
    if 0 < job.gpu_fraction < 1:
        known = [os.environ.get("PYTORCH_CUDA_ALLOC_CONF"), f"per_process_memory_fraction:{job.gpu_fraction}"]
        given["PYTORCH_CUDA_ALLOC_CONF"] = ",".join(filter(None, known))
    return os.environ | ONE_THREAD | given


def _prepare(job: Job, folder: Path) -> None:
    """Fill the folder: what to run, the kernel to run it with, and the notebook's places for writing."""
    spec = folder / "jupyter" / "kernels" / "python3"
    # "desk" is the notebook's working directory: what it writes there is gone with it.
    for place in (folder / "desk", folder / "results", folder / "tmp", spec):
        place.mkdir(parents=True)
    (spec / "kernel.json").write_text(json.dumps(KERNEL), encoding="utf-8")
    (folder / "source.ipynb").write_text(job.text, encoding="utf-8")
    (folder / "job.json").write_text(json.dumps({"parameters": job.parameters}), encoding="utf-8")


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
    family, peak, cell, reported, error = Family(runner.pid, str(folder)), 0, 0, start, ""
    try:
        while runner.poll() is None and not error:
            peak = max(peak, family.memory())
            now = _number(_read(folder / "progress.json").get("cell"))
            if now != cell or time.monotonic() > reported + REPORT_SECONDS:
                report(cell := now)
                reported = time.monotonic()
            error = _over(job, time.monotonic() - start, stopped)
            time.sleep(SAMPLE_SECONDS)
    finally:
        family.kill()
        runner.wait()
        runner.stdin.close()
    outcome = _outcome(folder, time.monotonic() - start, peak, error, runner.returncode)
    return replace(outcome, processor_seconds=family.processor_seconds())


def _over(job: Job, seconds: float, stopped: Callable[[], bool]) -> str:
    if seconds > job.limit_seconds:
        return f"did not end within its time limit of {job.limit_seconds:.0f} s"
    return "was stopped" if stopped() else ""


def _outcome(folder: Path, seconds: float, peak: int, error: str, status: int) -> Outcome:
    """Gather what the run left; the notebook could write anything into the folder, so nothing is trusted."""
    told, progress = _read(folder / "error.json"), _read(folder / "progress.json")
    text = _text(folder / "executed.ipynb")
    traceback = "" if error else str(told.get("traceback", ""))
    results: dict[str, str] = {}
    error = error or str(told.get("error", ""))
    try:
        results = {p.name: read_regular(p).decode() for p in (folder / "results").glob("[!.]*")}
    except (OSError, ValueError) as wrong:
        error = error or f"saved results that cannot be read ({wrong})"
    if not error and (status or not text):
        error, traceback = f"was not run to its end (its runner ended with status {status})", _log(folder)
    place = _number(progress.get("cell")), str(progress.get("cell_text", ""))
    return Outcome(text, results, seconds, peak, error, traceback, *place)


def _log(folder: Path) -> str:
    return _text(folder / "log")[-4000:]


def _read(path: Path) -> dict[str, Any]:
    """A JSON file's content, empty where it is missing or not whole: its writer may have been killed."""
    try:
        content = json.loads(_text(path))
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _text(path: Path) -> str:
    try:
        return read_regular(path).decode(errors="replace")
    except OSError:
        return ""


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
