"""``frugal handout``: a lab's notebook for each student, in the student's own variant."""

from pathlib import Path

import click

from utils.arguments import Chapter


@click.command()
@click.argument("lab", type=Chapter())
@click.argument("students", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--secret", required=True, help="Course secret; `frugal grade` needs the same one.")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Notebooks go here."
)
def command(lab: str, students: Path, secret: str, out: Path) -> None:
    """Write OUT/STUDENT/LAB.ipynb for each line of the file STUDENTS, with the student's own numbers.

    A line is what the course system knows the student by in its submissions: the number for Canvas and
    Gradescope, the full name for Moodle, the login on a hub.

    \b
    Example: frugal handout 11 students.txt --secret "our words" --out handout
    """
    from utils.arguments import must_write, slugs
    from utils.grading.handout import hand_out

    (slug,) = slugs([lab])
    must_write(out)
    names = [line.strip() for line in students.read_text(encoding="utf-8-sig").splitlines() if line.strip()]
    click.echo(f"{hand_out(slug, names, secret, out)} notebooks in {out}")
