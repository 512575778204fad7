"""One call of ``frugal run``: plan, run, keep, report."""

from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from utils import chapters, provenance
from utils.errors import FrugalError
from utils.evidence import store
from utils.execution import device, parameters, plan, records, schedule
from utils.execution.budget import Budget, seconds
from utils.execution.keep import check_writable, commit_results, keep
from utils.execution.notebook import Outcome
from utils.execution.progress import Progress
from utils.paths import ROOT

if TYPE_CHECKING:
    from distributed import Client


@dataclass(frozen=True)
class Options:
    """The command's options, as the user wrote them."""

    profile: str = "quick"
    device: str = "auto"
    workers: int | None = None
    scheduler: str | None = None
    force: bool = False
    dry_run: bool = False
    limit: str | None = None
    budget: str | None = None
    record: bool = False
    because: str = ""
    extra: tuple[tuple[str, str], ...] = ()


def run(names: list[str], options: Options, root: Path = ROOT) -> None:
    """Execute the notebooks of these chapters (all, if none is named) whose inputs have changed.

    Raises
    ------
    FrugalError
        before anything runs, when a name, parameter, duration or device is wrong; at the end, when a
        notebook failed.
    """
    if options.scheduler and options.workers:
        raise FrugalError("--workers is for this machine; a cluster has the workers that it has.")
    limit, budget = (seconds(text) if text else None for text in (options.limit, options.budget))
    extra = parameters.parse(options.extra)
    slugs = [chapters.find(name, root).slug for name in dict.fromkeys(names)]
    slugs = slugs or [chapter.slug for chapter in chapters.written(root)]
    with ExitStack() as stack:
        client = stack.enter_context(schedule.remote(options.scheduler)) if options.scheduler else None
        kind = _device(options.device, client)
        tasks = plan.make(slugs, options.profile, kind, extra, options.force, root)
        if options.record:
            _check_recordable(options, root)
            tasks = [_repeated(task, root) for task in tasks]
        due = [task for task in tasks if task.reason]
        _announce(due, len(tasks), options)
        if options.dry_run:
            return
        if options.record:
            _record([task.last for task in tasks if not task.reason], root, options.because)
        failed = []
        if due:
            check_writable(root)
            chosen = Budget(due, limit, budget)
            client = client or stack.enter_context(schedule.local(kind, len(due), options.workers))
            failed = _execute(due, chosen, client, root, options)
    if failed:
        raise FrugalError(f"{len(failed)} of {len(due)} notebooks failed: {', '.join(sorted(failed))}.")


def _device(wanted: str, client: "Client | None") -> str:
    """Resolve ``auto`` where the work will be done."""
    return client.submit(device.resolve, wanted, pure=False).result() if client else device.resolve(wanted)


def _announce(due: list[plan.Task], total: int, options: Options) -> None:
    for task in due:
        click.echo(f"{task.slug} ({options.profile}, {task.device}): {task.reason}")
    verb = "would run" if options.dry_run else "to run"
    click.echo(f"{len(due)} of {total} {verb}, {total - len(due)} up to date.")


def _execute(
    due: list[plan.Task], chosen: Budget, client: "Client", root: Path, options: Options
) -> list[str]:
    """Run, keep each outcome as it comes, show it; the slugs that failed."""
    progress = Progress({task.slug: len(task.source.cells) for task in due})
    failed = []
    try:
        for task, outcome in schedule.run(client, iter(chosen), progress.cell):
            record = keep(task, outcome, root)
            if record.error:
                failed.append(task.slug)
                progress.done(task.slug, _failure(task, outcome, record))
            else:
                progress.done(task.slug, f"ok, {_costs(record)}")
                if options.record:
                    _record([record], root, options.because)
    finally:
        progress.close()
    if chosen.left_out:
        progress.say(f"no time left for {', '.join(chosen.left_out)}; call again to go on.")
    return failed


def _failure(task: plan.Task, outcome: Outcome, record: records.RunRecord) -> str:
    """What failed, with the cell's text and the traceback, and what became of an earlier result."""
    lines = [f"FAILED: {record.error}"]
    if outcome.cell:
        # Papermill inserts a cell with the parameters' values, so cells are counted in what it executed.
        lines += [f"in cell {outcome.cell}:", outcome.cell_text]
    lines += [click.unstyle(outcome.traceback)] if outcome.traceback else []
    if record.status == "old":
        lines.append(f"the result of {record.date} stays and is marked old.")
    return "\n".join(lines)


def _costs(record: records.RunRecord) -> str:
    spent = f"{record.seconds:.0f} s, {record.processor_seconds:.0f} of them computing"
    return f"{spent}, {record.peak_memory_bytes / 2**20:.0f} MiB at most"


def _check_recordable(options: Options, root: Path) -> None:
    """Refuse before anything runs what may not become the book's record."""
    if options.extra:
        raise FrugalError("--record takes the notebooks' own parameters: leave -p out.")
    if provenance.is_dirty(root) and not options.dry_run:
        raise FrugalError(
            "the checkout has changes, so no commit would say what was run: commit, then record."
        )


def _repeated(task: plan.Task, root: Path) -> plan.Task:
    """A task that runs again where its results come from a checkout with changes."""
    dirty = not task.reason and any(
        store.read(root / "_build" / "results" / name)["provenance"].get("dirty")
        for name in task.last.results
    )
    return replace(task, reason="its results come from a checkout with changes") if dirty else task


def _record(done: list[records.RunRecord], root: Path, because: str) -> None:
    """Copy results to ``results/`` as soon as they are there: an interruption later loses none."""
    for record in done:
        for path in commit_results(record, root, because):
            click.echo(f"recorded {path.relative_to(root).as_posix()}")
