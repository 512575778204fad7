"""``frugal grade``: marks for a class."""

from pathlib import Path

import click

from utils.arguments import Chapter


@click.command()
@click.argument("lab", type=Chapter())
@click.argument("submissions", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Results go here."
)
@click.option("--workers", default=1, type=click.IntRange(1), help="Submissions at a time on this machine.")
@click.option("--scheduler", help="Address of a Dask scheduler whose workers grade instead.")
@click.option(
    "--time", "seconds", default=60, type=click.IntRange(1), help="Seconds for each cell and check."
)
@click.option("--memory", default=2048, type=click.IntRange(64), help="MB that a student's code may take.")
@click.option(
    "--secret", default="", help="Course secret that draws inputs and variants; default: kept in OUT."
)
@click.option("--variants", is_flag=True, help="Students had variants of the lab (frugal handout).")
@click.option("--assignment", default="", help="Title of the mark's column in the course system.")
@click.option("--roster", type=click.Path(path_type=Path, exists=True), help="The system's table to fill in.")
@click.option("--unsafe", is_flag=True, help="Without a sandbox: students' code gets your rights.")
@click.option("--yes", is_flag=True, help="Take changed marks over without asking.")
def command(lab: str, submissions: Path, out: Path, yes: bool, **options: object) -> None:
    """Grade the SUBMISSIONS (a folder or an archive from the course system) of a LAB.

    Writes grades.csv for the system's import, a page of feedback for each student, a report on the class, the
    written answers in one page, and log.jsonl. An interrupted run goes on when it is called again.

    \b
    Example: frugal grade 11 submissions.zip --out marks
    """
    from utils.arguments import must_write, progress, slugs
    from utils.grading.grade import Options, changes, mark_class, take_over

    (slug,), chosen = slugs([lab]), Options(**options)
    must_write(out)
    mark_class(slug, submissions, out, chosen, lambda work, total: progress(work, "submissions", total))
    found = changes(out)
    for change in found:
        where = ", ".join(f"{name} {points:+g}" for name, points in change.exercises.items())
        click.echo(f"{change.name}: {change.before:g} -> {change.after:g} ({where})")
    if found and not yes and not click.confirm(f"{len(found)} marks change. Write them?"):
        click.echo("Nothing was written; call again to see the changes again.")
        return
    rows = take_over(slug, out, chosen)
    click.echo(f"{len(rows)} students: {out / 'grades.csv'}, {out / 'class.html'}, {out / 'feedback'}")
