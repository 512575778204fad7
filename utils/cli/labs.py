"""``frugal labs``: build the labs, prove their checks, show progress."""

import os

import click


@click.group()
def command() -> None:
    """Build the labs, prove their checks, show how far you are."""


def _hide_gpu() -> None:
    """Answers are tried in forks, and a process that has touched a GPU cannot be forked."""
    os.environ["CUDA_VISIBLE_DEVICES"] = ""


def _slugs(names: tuple[str, ...]) -> list[str]:
    """The labs of the chapters asked for, or of all written chapters."""
    from utils.chapters import find, written

    return [find(name).slug for name in names] or [chapter.slug for chapter in written()]


@command.command()
@click.argument("chapters", nargs=-1)
@click.option("--no-solutions", is_flag=True, help="Leave the folded solutions out of the site's pages.")
def build(chapters: tuple[str, ...], no_solutions: bool) -> None:
    """Build student notebooks, solutions, autograder archives and pages into _build/labs."""
    from utils.labs.build import build as build_lab

    for slug in _slugs(chapters):
        for part, file in build_lab(slug, solutions=not no_solutions).items():
            click.echo(f"{slug}  {part:10s} {file}")


@command.command()
@click.argument("chapters", nargs=-1)
def check(chapters: tuple[str, ...]) -> None:
    """Prove that the checks accept what is right and reject what is wrong."""
    from utils.errors import FrugalError
    from utils.labs.proof import open_bench, prove

    _hide_gpu()
    problems = 0
    for slug in _slugs(chapters):
        click.echo(slug)
        for report in prove(open_bench(slug)):
            click.echo(f"  {report.question:12s} {report.counts}")
            for problem in report.problems:
                click.echo(f"    ! {problem}")
            problems += len(report.problems)
    if problems:
        raise FrugalError(f"the checks of the labs have {problems} problems, listed above.")


@command.command()
@click.argument("chapters", nargs=-1)
def mutate(chapters: tuple[str, ...]) -> None:
    """Change the solutions in every small way, and list the changes that no check notices."""
    from tqdm import tqdm

    from utils.errors import FrugalError
    from utils.labs.mutants import survey
    from utils.labs.proof import open_bench

    _hide_gpu()
    problems = 0
    for slug in _slugs(chapters):
        found = survey(open_bench(slug), progress=lambda work, slug=slug: tqdm(work, desc=slug))
        click.echo(f"{slug}: {len(found.survivors)} of {found.total} mutants survive")
        for survivor in found.survivors:
            click.echo(f"    {survivor}")
        for problem in found.problems:
            click.echo(f"    ! {problem}")
        problems += len(found.problems)
    if problems:
        raise FrugalError(f"mutation testing of the labs found {problems} problems, listed above.")


@command.command()
def progress() -> None:
    """Show the points that the labs in your workspace have so far."""
    from utils.labs.progress import summary

    labs = summary()
    for lab in labs:
        click.echo(
            f"{lab.slug}: {lab.solved} of {lab.exercises} exercises solved,"
            f" {lab.points:g} of {lab.possible:g} points in the checks that you have run"
        )
    if not labs:
        click.echo("No lab begun yet: `make lab` opens them, and each grader.check(...) is noted here.")
