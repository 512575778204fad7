"""How far a reader has come in the labs: one small file in the workspace, written after each check."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from utils.files import write_atomic
from utils.paths import WORKSPACE

FILE = Path(os.environ.get("FRUGAL_PROGRESS", WORKSPACE / "progress.json"))


@dataclass(frozen=True)
class LabProgress:
    """The standing in one lab: points for visible checks, exercises solved, exercises in all."""

    slug: str
    points: float
    possible: float
    solved: int
    exercises: int


def keep(slug: str, question: str, points: float, possible: float, totals: dict, file: Path = FILE) -> None:
    """Note the result of a check. The best result of an exercise stays; ``totals`` lists all exercises."""
    labs = _read(file)
    lab = labs.setdefault(slug, {"exercises": {}, "totals": {}})
    lab["totals"] = dict(totals) or lab["totals"]
    best = lab["exercises"].get(question, {"points": 0, "possible": possible})
    lab["exercises"][question] = {"points": max(best["points"], points), "possible": possible}
    write_atomic(file, json.dumps(labs, indent=1))


def is_full(slug: str, question: str, file: Path = FILE) -> bool:
    """Whether an exercise has once had all points of its visible checks."""
    entry = _read(file).get(slug, {}).get("exercises", {}).get(question)
    return entry is not None and entry["points"] >= entry["possible"]


def summary(file: Path = FILE) -> list[LabProgress]:
    """The standing in every lab that was begun, in order of the chapters; empty before the first check."""
    return [_standing(slug, lab, file) for slug, lab in sorted(_read(file).items())]


def _standing(slug: str, lab: dict, file: Path) -> LabProgress:
    entries = lab["exercises"]
    return LabProgress(
        slug,
        points=sum(entry["points"] for entry in entries.values()),
        possible=sum(entry["possible"] for entry in entries.values()),
        solved=sum(is_full(slug, question, file) for question in entries),
        exercises=max(len(lab["totals"]), len(entries)),
    )


def _read(file: Path) -> dict:
    """The file's content; a damaged file counts as none, since it holds nothing irreplaceable."""
    try:
        labs = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return labs if isinstance(labs, dict) else {}
