"""``frugal labs``: build the labs, prove their checks, show progress."""

import json
import os
from dataclasses import asdict

import click

from utils.arguments import Chapter


@click.group()
def command() -> None:
    """Build the labs, prove their checks, show how far you are.

    \b
    Example: frugal labs build 11
    """


def _hide_gpu() -> None:
    """Answers are tried in forks, and a process that has touched a GPU cannot be forked."""
    os.environ["CUDA_VISIBLE_DEVICES"] = ""


def _slugs(names: tuple[str, ...]) -> list[str]:
    """The labs of the chapters asked for, or of all written chapters."""
    from utils.arguments import slugs

    return slugs(names)


@command.command()
@click.argument("chapters", nargs=-1, type=Chapter())
def build(chapters: tuple[str, ...]) -> None:
    """Build student notebooks, solutions and autograder archives into _build/labs.

    \b
    Example: frugal labs build 11
    """
    from utils.arguments import must_write
    from utils.arguments import progress as progress_bar
    from utils.labs.build import build as build_lab
    from utils.paths import BUILD

    chosen = _slugs(chapters)
    must_write(BUILD)
    for slug in progress_bar(chosen, "labs"):
        for part, file in build_lab(slug).items():
            click.echo(f"{slug}  {part:10s} {file}")


@command.command()
@click.argument("chapters", nargs=-1, type=Chapter())
@click.option("--anew", is_flag=True, help="Prove also what is proved already.")
@click.option(
    "--variants", default=3, show_default=True, type=click.IntRange(0), help="Variants of an exercise to try."
)
@click.option("--record/--no-record", default=True, help="Remember the proofs in labs/proofs.")
def check(chapters: tuple[str, ...], anew: bool, variants: int, record: bool) -> None:
    """Prove that the checks accept what is right and reject what is wrong.

    A proof is remembered in labs/proofs and repeated when something that it depends on has changed.

    
    Example: frugal labs check 11
    """
    from utils.errors import FrugalError
    from utils.labs import memory
    from utils.labs.master import master_path, read

    _hide_gpu()
    problems = 0
    for slug in _slugs(chapters):
        lab = read(master_path(slug))
        changed = memory.changed(lab)
        if not (changed or anew):
            click.echo(f"{slug} is proved already")
            continue
        click.echo(f"{slug}" + (f" ({', '.join(changed)} changed)" if changed else ""))
        found = _prove(slug, variants)
        problems += found
        if record and not found:
            memory.remember(lab)
    if problems:
        raise FrugalError(f"the checks of the labs have {problems} problems, listed above.")


def _prove(slug: str, variants: int) -> int:
    """Prove one lab, show what was found, and return the number of problems."""
    from itertools import chain

    from utils.labs import marks
    from utils.labs.proof import open_trials, prove

    problems = 0
    for report in chain(prove(open_trials(slug), variants=variants), marks.report(slug)):
        click.echo(f"  {report.question:12s} {report.counts}")
        for problem in report.problems:
            click.echo(f"    ! {problem}")
        problems += len(report.problems)
    return problems


@command.command()
@click.argument("chapters", nargs=-1, type=Chapter())
def mutate(chapters: tuple[str, ...]) -> None:
    """Change the solutions in every small way, and list the changes that no check notices.

    \b
    Example: frugal labs mutate 11
    """
    from tqdm import tqdm

    from utils.errors import FrugalError
    from utils.labs.mutants import survey
    from utils.labs.proof import open_trials

    _hide_gpu()
    problems = 0
    for slug in _slugs(chapters):
        found = survey(open_trials(slug), progress=lambda work, slug=slug: tqdm(work, desc=slug))
        click.echo(f"{slug}: {len(found.survivors)} of {found.total} mutants survive")
        for survivor in found.survivors:
            click.echo(f"    {survivor}")
        for problem in found.problems:
            click.echo(f"    ! {problem}")
        problems += len(found.problems)
    if problems:
        raise FrugalError(f"mutation testing of the labs found {problems} problems, listed above.")


@command.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def progress(as_json: bool) -> None:
    """Show the points that the labs in your workspace have so far.

    \b
    Example: frugal labs progress --json
    """
    from utils.labs.progress import summary

    labs = summary()
    if as_json:
        click.echo(json.dumps([asdict(lab) for lab in labs], indent=1))
        return
    for lab in labs:
        click.echo(
            f"{lab.slug}: {lab.solved} of {lab.exercises} exercises solved,"
            f" {lab.points:g} of {lab.possible:g} points in the checks that you have run"
        )
    if not labs:
        click.echo("No lab begun yet: `make lab` opens them, and each grader.check(...) is noted here.")
