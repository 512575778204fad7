"""What is known of the last run of each notebook: one small JSON file beside the executed notebook."""

import hashlib
import json
import typing
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from utils.errors import FrugalError
from utils.evidence import store
from utils.files import read_regular, write_atomic
from utils.paths import ROOT


@dataclass(frozen=True)
class RunRecord:
    """The last run of one notebook in one profile.

    ``status`` is ``ok``, ``failed`` (never succeeded) or ``old`` (failed, and an earlier result stays).
    All other fields but ``error`` then still describe that earlier result. ``seconds`` is wall time with the
    kernel's start, ``processor_seconds`` what kernel and children computed; ``yardstick`` says how slow the
    machine was then (``utils.yardstick``); ``peak_memory_bytes`` is the largest sum of resident memory over
    the kernel and its children, sampled five times a second; ``date`` is UTC in ISO 8601; ``files`` holds the
    SHA-256 of the executed notebook and of the results by their paths below ``_build``: what does not match
    is not believed.
    """

    slug: str
    profile: str
    status: str
    seconds: float
    processor_seconds: float
    yardstick: float
    peak_memory_bytes: int
    fingerprint: str
    inputs: dict[str, str]
    date: str
    device: str
    error: str
    files: dict[str, str]

    @property
    def results(self) -> list[str]:
        """Names of the results that belong to this run, in ``_build/results``."""
        return sorted(Path(name).name for name in self.files if name.startswith("results/"))

    def failed_again(self, error: str) -> "RunRecord":
        """The record after a failure that left its result in place."""
        return replace(self, status="old", error=error)


def executed_path(slug: str, profile: str, root: Path = ROOT) -> Path:
    """Where the executed notebook lies."""
    return root / "_build" / "executed" / f"{slug}.{profile}.ipynb"


def record_path(slug: str, profile: str, root: Path = ROOT) -> Path:
    """Where the record lies."""
    return executed_path(slug, profile, root).with_suffix(".json")


def read(slug: str, profile: str, root: Path = ROOT) -> RunRecord | None:
    """The record of one notebook; ``None`` where there is none, or one of another version of the project."""
    return _load(record_path(slug, profile, root))


def damage(record: RunRecord, root: Path = ROOT) -> str:
    """What is wrong with the files of a run, in words; empty where all are as the run left them."""
    for name, digest in record.files.items():
        path = root / "_build" / name
        try:
            if sha256(read_regular(path)) != digest:
                return f"_build/{name} is not what its run left there"
        except OSError:
            return f"_build/{name} is {'unreadable' if path.exists() or path.is_symlink() else 'missing'}"
    return ""


def executed(slug: str, profile: str, root: Path = ROOT) -> str:
    """The text of an executed notebook that is what its run left.

    Raises
    ------
    FrugalError
        when there is none, or when it, its results or its record are damaged.
    """
    record, again = read(slug, profile, root), f"call `frugal run {slug[:2]} --profile {profile}` first."
    if record is None or record.status == "failed":
        raise FrugalError(f"notebook {slug} has not been executed; {again}")
    if wrong := damage(record, root):
        raise FrugalError(f"notebook {slug} cannot be shown: {wrong}; {again}")
    return read_regular(executed_path(slug, profile, root)).decode()


def sha256(content: bytes) -> str:
    """The SHA-256 of some bytes, as records hold it."""
    return hashlib.sha256(content).hexdigest()


def write(record: RunRecord, root: Path = ROOT) -> None:
    """Store a record."""
    text = json.dumps(asdict(record), indent=1, sort_keys=True)
    write_atomic(record_path(record.slug, record.profile, root), text + "\n")


def all_records(root: Path = ROOT) -> list[RunRecord]:
    """Every record, in order of slug and profile."""
    paths = sorted((root / "_build" / "executed").glob("[0-9]*.json"))
    return [record for record in map(_load, paths) if record]


def complete_result_date(slug: str, profile: str, root: Path = ROOT) -> str:
    """When the newest complete (not cut) result was measured, here or in ``results/``; "" without one."""
    files = [folder / f"{slug}.{profile}.json" for folder in (root / "_build" / "results", root / "results")]
    complete = [content for content in map(_results, files) if not is_cut(content)]
    return max((content.get("provenance", {}).get("date", "") for content in complete), default="")


def is_cut(results: dict) -> bool:
    """Whether results say that their run was cut to fit a smaller machine."""
    return any(results.get("cut", {}).values())


def _results(path: Path) -> dict:
    """What a results file holds; a damaged one holds nothing, since its notebook can run again."""
    try:
        return store.read(path)
    except FrugalError:
        return {}


def _load(path: Path) -> RunRecord | None:
    try:
        record = RunRecord(**json.loads(read_regular(path)))
    except (OSError, TypeError, ValueError):
        return None
    sound = all(_fits(getattr(record, field.name), field.type) for field in fields(RunRecord))
    return record if sound and path.name == f"{record.slug}.{record.profile}.json" else None


def _fits(value: object, kind: type) -> bool:
    if typing.get_origin(kind) is dict:
        return isinstance(value, dict) and all(isinstance(text, str) for text in value.values())
    return isinstance(value, kind)
