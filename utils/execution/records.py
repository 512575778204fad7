"""What is known of the last run of each notebook: one small JSON file beside the executed notebook."""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from utils.files import write_atomic
from utils.paths import ROOT


@dataclass(frozen=True)
class Record:
    """The last run of one notebook in one profile.

    ``status`` is ``ok``, ``failed`` (never succeeded) or ``old`` (failed, and an earlier result stays).
    All other fields but ``error`` then still describe that earlier result. ``seconds`` is wall time with the
    kernel's start; ``peak_memory_bytes`` the largest sum of resident memory over the kernel and its children,
    sampled five times a second; ``date`` is UTC in ISO 8601; ``results`` names files in ``_build/results``.
    """

    slug: str
    profile: str
    status: str
    seconds: float
    peak_memory_bytes: int
    fingerprint: str
    inputs: dict[str, str]
    date: str
    device: str
    error: str
    results: list[str]

    def failed_again(self, error: str) -> "Record":
        """This record after a failure that left its result in place."""
        return replace(self, status="old", error=error)


def executed_path(slug: str, profile: str, root: Path = ROOT) -> Path:
    """Where the executed notebook lies."""
    return root / "_build" / "executed" / f"{slug}.{profile}.ipynb"


def record_path(slug: str, profile: str, root: Path = ROOT) -> Path:
    """Where the record lies."""
    return executed_path(slug, profile, root).with_suffix(".json")


def read(slug: str, profile: str, root: Path = ROOT) -> Record | None:
    """The record of one notebook; ``None`` where there is none, or one of another version of the project."""
    return _load(record_path(slug, profile, root))


def write(record: Record, root: Path = ROOT) -> None:
    """Store a record."""
    text = json.dumps(asdict(record), indent=1, sort_keys=True)
    write_atomic(record_path(record.slug, record.profile, root), text + "\n")


def all_records(root: Path = ROOT) -> list[Record]:
    """Every record, in order of slug and profile."""
    paths = sorted((root / "_build" / "executed").glob("[0-9]*.json"))
    return [record for record in map(_load, paths) if record]


def complete_result_date(slug: str, profile: str, root: Path = ROOT) -> str:
    """When the newest complete (not reduced) result was measured, here or in ``results/``; "" without one."""
    files = [folder / f"{slug}.{profile}.json" for folder in (root / "_build" / "results", root / "results")]
    complete = [file for file in files if file.is_file() and not is_reduced(file)]
    return max((_results(file).get("provenance", {}).get("date", "") for file in complete), default="")


def is_reduced(results: Path) -> bool:
    """Whether a results file says that its run was cut to fit a smaller machine."""
    return bool(_results(results).get("reduced"))


def _results(path: Path) -> dict:
    """What a results file holds; a damaged one holds nothing, since its notebook can run again."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _load(path: Path) -> Record | None:
    try:
        return Record(**json.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, TypeError, ValueError):
        return None
