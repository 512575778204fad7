"""Keep what a run gave: a crash at any moment leaves the old state or the new one, never a mixture."""

import json
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from utils.errors import FrugalError
from utils.evidence import history, store
from utils.execution import records
from utils.execution.fingerprint import fingerprint
from utils.execution.notebook import Outcome
from utils.execution.plan import Task
from utils.execution.verify import problem
from utils.files import read_regular, write_atomic
from utils.paths import ROOT

INJECTED = "injected-parameters"  # the tag of the cell that papermill adds
UNKNOWN = "edited while it ran"  # in place of a checksum: it equals none, so the notebook runs again


def keep(task: Task, outcome: Outcome, root: Path = ROOT) -> records.RunRecord:
    """Write the executed notebook, its results and its record; after a failure keep what was there before.

    A failed notebook is kept beside, as ``<slug>.<profile>.failed.ipynb``, to be looked at.
    """
    error = problem(task, outcome, root)
    executed = records.executed_path(task.slug, task.profile, root)
    failed, at = executed.with_suffix(".failed.ipynb"), records.record_path(task.slug, task.profile, root)
    if at.is_dir():
        _remove(at)
    if error:
        if outcome.notebook:
            _put(failed, outcome.notebook)
        record = _failure(task, outcome, error)
    else:
        files = {f"executed/{executed.name}": clean(outcome.notebook)}
        files |= {f"results/{name}": text for name, text in outcome.results.items()}
        at.unlink(missing_ok=True)  # without its record the notebook would simply run again: first and last
        for name, text in files.items():
            _put(root / "_build" / name, text)
        _remove(failed)
        digests = {name: records.sha256(text.encode()) for name, text in files.items()}
        record = _record(task, outcome, "ok", "", digests)
    records.write(record, root)
    return record


def check_writable(root: Path = ROOT) -> None:
    """Find out before an hour's work whether its outcome can be kept.

    Raises
    ------
    FrugalError
        when ``_build`` cannot be written.
    """
    for name in ("executed", "results"):
        folder = root / "_build" / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=folder).close()
        except OSError as error:
            raise FrugalError(f"{folder} cannot be written ({error.strerror}): make it writable.") from error


def commit_results(record: records.RunRecord, root: Path = ROOT, because: str = "") -> list[Path]:
    """Copy a notebook's results to ``results/``, the folder that git keeps; returns the files written.

    A run that was cut never replaces a complete one. Verdicts that are new or turn go into the history.

    Parameters
    ----------
    because : why verdicts turned, in the author's sentence.

    Raises
    ------
    FrugalError
        when the results are not what the run left, cannot be used, or may not be recorded (see
        :mod:`utils.evidence.history`).
    """
    if wrong := records.damage(record, root):
        raise FrugalError(
            f"{record.slug} is not recorded: {wrong}; call `frugal run {record.slug[:2]}` first."
        )
    copies = []
    for name in record.results:
        source, kept = root / "_build" / "results" / name, root / "results" / name
        new, old = store.read(source), store.read(kept) if kept.is_file() else None
        if not (records.is_cut(new) and old and not records.is_cut(old)):
            history.check(old, new)
            if lines := history.lines(old, new, because):
                history.append(kept.parent, lines)
            write_atomic(kept, read_regular(source))
            copies.append(kept)
    return copies


def clean(notebook: str) -> str:
    """Remove what papermill notes about its run, and its random name for a cell: equal runs are equal."""
    content = json.loads(notebook)
    for cell in content["cells"]:
        if INJECTED in cell["metadata"].get("tags", []):
            cell["id"] = INJECTED
    for holder in (content, *content["cells"]):
        holder["metadata"].pop("papermill", None)
        holder["metadata"].pop("execution", None)
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _put(path: Path, text: str) -> None:
    """Write a file, whatever is in its way: all that lies in ``_build`` can be made again."""
    if path.is_symlink() or not path.is_file():
        _remove(path)
    write_atomic(path, text)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)


def _failure(task: Task, outcome: Outcome, error: str) -> records.RunRecord:
    if task.last and task.last.status != "failed":
        return task.last.failed_again(error)
    return _record(task, outcome, "failed", error, {})


def _record(
    task: Task, outcome: Outcome, status: str, error: str, files: dict[str, str]
) -> records.RunRecord:
    # Edited while it ran: nobody knows which text it imported, so the record must not match either of them.
    inputs = task.inputs | dict.fromkeys(outcome.changed, UNKNOWN)
    return records.RunRecord(
        slug=task.slug,
        profile=task.profile,
        status=status,
        seconds=round(outcome.seconds, 2),
        processor_seconds=round(outcome.processor_seconds, 2),
        yardstick=round(outcome.yardstick, 3),
        peak_memory_bytes=outcome.peak_memory_bytes,
        fingerprint=fingerprint(inputs),
        inputs=inputs,
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        device=task.device,
        error=error,
        files=files,
    )
