"""``frugal labs``: build the labs, prove their checks, show progress."""

import click


@click.group()
def command() -> None:
    """Build the labs, prove their checks, show how far you are."""


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
