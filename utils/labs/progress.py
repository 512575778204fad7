"""How far a reader has come in the labs: one small file in the workspace, written after each check.

Two notebooks may write at once, so each waits for the other. A file that is not what it should be, whatever
damaged it, is set aside and never written over.
"""

import json
import os
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from utils.files import write_atomic
from utils.paths import WORKSPACE

FILE = Path(os.environ.get("FRUGAL_PROGRESS") or WORKSPACE / "progress.json")
PATIENCE = 5  # seconds to wait for another process, which writes for milliseconds


@dataclass(frozen=True)
class LabProgress:
    """The standing in one lab: points for visible checks, exercises solved, exercises in all."""

    slug: str
    points: float
    possible: float
    solved: int
    exercises: int


def keep(slug: str, question: str, points: float, possible: float, totals: dict, file: Path = FILE) -> str:
    """Note the result of a check. The best result of an exercise stays; ``totals`` lists all exercises.

    Returns
    -------
    str
        A sentence about a damaged file that was set aside, usually empty.

    Raises
    ------
    OSError
        when the file cannot be written, or another process does not let go of it.
    """
    file = file.resolve()  # a link stays a link
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with _lock(file):
            labs, warning = _read_or_set_aside(file)
            lab = labs.setdefault(slug, {"exercises": {}, "totals": {}})
            lab["totals"] = dict(totals) or lab["totals"]
            best = lab["exercises"].get(question, {"points": 0, "possible": possible})
            lab["exercises"][question] = {"points": max(best["points"], points), "possible": possible}
            write_atomic(file, json.dumps(labs, indent=1))
    except Timeout as error:
        raise OSError(11, "another process holds it", str(file)) from error
    return warning


def is_full(slug: str, question: str, file: Path = FILE) -> bool:
    """Whether an exercise has once had all points of its visible checks."""
    entry = read(file).get(slug, {}).get("exercises", {}).get(question)
    return entry is not None and entry["points"] >= entry["possible"]


def summary(file: Path = FILE) -> list[LabProgress]:
    """The standing in every lab that was begun, in order of the chapters; empty before the first check."""
    return [_standing(slug, lab) for slug, lab in sorted(read(file).items())]


def read(file: Path = FILE) -> dict:
    """The file's content; a missing or damaged one counts as empty."""
    try:
        return _parse(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _lock(file: Path):
    """A lock beside the file; none where the file system has no locks (some network folders)."""
    try:
        return FileLock(f"{file}.lock").acquire(timeout=PATIENCE)
    except NotImplementedError:
        return nullcontext()


def _standing(slug: str, lab: dict) -> LabProgress:
    entries = lab["exercises"].values()
    return LabProgress(
        slug,
        points=sum(entry["points"] for entry in entries),
        possible=sum(entry["possible"] for entry in entries),
        solved=sum(entry["points"] >= entry["possible"] for entry in entries),
        exercises=max(len(lab["totals"]), len(entries)),
    )


def _read_or_set_aside(file: Path) -> tuple[dict, str]:
    """The content, and a sentence if a damaged file had to be moved out of the way."""
    try:
        return _parse(file.read_text(encoding="utf-8")), ""
    except FileNotFoundError:
        return {}, ""
    except ValueError:
        aside = file.with_name(f"{file.stem}.damaged-{datetime.now():%Y%m%d-%H%M%S}{file.suffix}")
        os.replace(file, aside)
        return {}, f"Your progress file was damaged; it now lies in `{aside}`, and a new one is begun."


def _parse(text: str) -> dict:
    """The labs in a progress file.

    Raises
    ------
    ValueError
        when it is no JSON, or not of the form that ``keep`` writes.
    """
    labs = json.loads(text)
    try:
        for lab in labs.values():
            lab["totals"].items()
            for entry in lab["exercises"].values():
                float(entry["points"]) + float(entry["possible"])
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError("not a progress file") from error
    return labs
