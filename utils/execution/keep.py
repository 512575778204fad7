"""Keep what a run gave: a crash at any moment leaves the old state or the new one, never a mixture."""

import json
from datetime import UTC, datetime
from pathlib import Path

from utils.execution import records
from utils.execution.fingerprint import fingerprint
from utils.execution.notebook import Outcome
from utils.execution.plan import Task
from utils.files import write_atomic
from utils.paths import ROOT


def keep(task: Task, outcome: Outcome, root: Path = ROOT) -> records.Record:
    """Write the executed notebook, its results and its record; after a failure keep what was there before.

    A failed notebook is kept beside, as ``<slug>.<profile>.failed.ipynb``, to be looked at.
    """
    error = outcome.error or _foreign(task.slug, outcome)
    executed = records.executed_path(task.slug, task.profile, root)
    failed = executed.with_suffix(".failed.ipynb")
    if error:
        if outcome.notebook:
            write_atomic(failed, outcome.notebook)
        record = _failure(task, outcome, error)
    else:
        # Without its record the notebook would simply run again, so that goes first and comes last.
        records.record_path(task.slug, task.profile, root).unlink(missing_ok=True)
        write_atomic(executed, clean(outcome.notebook))
        for name, text in outcome.results.items():
            write_atomic(root / "_build" / "results" / name, text)
        failed.unlink(missing_ok=True)
        record = _record(task, outcome, "ok", "")
    records.write(record, root)
    return record


def commit_results(record: records.Record, root: Path = ROOT) -> list[Path]:
    """Copy a notebook's results to ``results/``, the folder that git keeps; returns the files written.

    A reduced run never replaces a complete one.
    """
    copies = []
    for name in record.results:
        new, kept = root / "_build" / "results" / name, root / "results" / name
        if not (records.is_reduced(new) and kept.is_file() and not records.is_reduced(kept)):
            write_atomic(kept, new.read_bytes())
            copies.append(kept)
    return copies


def clean(notebook: str) -> str:
    """Remove what papermill notes about its run: times and temporary paths, which make equal runs differ."""
    content = json.loads(notebook)
    for holder in (content, *content["cells"]):
        holder["metadata"].pop("papermill", None)
        holder["metadata"].pop("execution", None)
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _foreign(slug: str, outcome: Outcome) -> str:
    """A notebook made from another one's copy may save under the other's name; that must not pass."""
    foreign = [name for name in outcome.results if not name.startswith(f"{slug}.")]
    return f"saved results under another chapter's name ({', '.join(foreign)})" if foreign else ""


def _failure(task: Task, outcome: Outcome, error: str) -> records.Record:
    if task.last and task.last.status != "failed":
        return task.last.failed_again(error)
    return _record(task, outcome, "failed", error)


def _record(task: Task, outcome: Outcome, status: str, error: str) -> records.Record:
    # Edited while it ran: nobody knows which text it imported, so the record must not match either of them.
    inputs = task.inputs | dict.fromkeys(outcome.changed, "changed while it ran")
    return records.Record(
        slug=task.slug,
        profile=task.profile,
        status=status,
        seconds=round(outcome.seconds, 2),
        peak_memory_bytes=outcome.peak_memory_bytes,
        fingerprint=fingerprint(inputs),
        inputs=inputs,
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        device=task.device,
        error=error,
        results=sorted(outcome.results) if status == "ok" else [],
    )
