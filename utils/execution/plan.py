"""What would run, and why."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from utils.execution import records
from utils.execution.closure import Closure
from utils.execution.fingerprint import changes, inputs
from utils.execution.parameters import check
from utils.execution.source import Source, load
from utils.paths import ROOT


@dataclass(frozen=True)
class Task:
    """One notebook in one profile; ``reason`` says why it must run and is empty when it need not.

    ``result_date`` is that of its complete (not reduced) result, from here or from ``results/``, or empty.
    """

    source: Source
    profile: str
    device: str
    parameters: dict[str, Any]
    inputs: dict[str, str]
    last: records.RunRecord | None
    reason: str
    result_date: str

    @property
    def slug(self) -> str:
        """The chapter."""
        return self.source.slug


def make(
    slugs: list[str],
    profile: str,
    device: str = "cpu",
    extra: dict[str, Any] | None = None,
    force: bool = False,
    root: Path = ROOT,
) -> list[Task]:
    """Compare each chapter's notebook with its record.

    Parameters
    ----------
    device
        ``cpu`` or ``cuda``, no ``auto``: it is one of the inputs.
    extra
        Parameters beyond ``profile`` and ``device``.
    force
        Run also what is up to date.

    Raises
    ------
    FrugalError
        when a notebook is missing or broken, or lacks one of the parameters.
    """
    parameters = {"profile": profile, "device": device, **(extra or {})}
    sources = [load(slug, root) for slug in slugs]
    for source in sources:
        check(source, parameters)
    closure = Closure(root)
    return [_task(source, profile, device, parameters, closure, force) for source in sources]


def _task(source: Source, profile: str, device: str, parameters: dict, closure: Closure, force: bool) -> Task:
    now = inputs(source, parameters, closure)
    last = records.read(source.slug, profile, closure.root)
    reason = _reason(source.slug, profile, last, now, closure.root) or ("forced" if force else "")
    date = records.complete_result_date(source.slug, profile, closure.root)
    return Task(source, profile, device, parameters, now, last, reason, date)


def _reason(slug: str, profile: str, last: records.RunRecord | None, now: dict[str, str], root: Path) -> str:
    if last is None:
        there = records.record_path(slug, profile, root).exists()
        return "its record cannot be used" if there else "never ran"
    if last.status != "ok":
        return "failed last time"
    return ", ".join([*filter(None, [records.damage(last, root)]), *changes(last.inputs, now)])
