"""``frugal slides``: a presentation of each finished chapter."""

import click


@click.command()
@click.argument("chapters", nargs=-1)
def command(chapters: tuple[str, ...]) -> None:
    """Make slides from the executed notebooks, in _build/slides."""
    from utils.chapters import find, written
    from utils.slides.build import build

    for slug in [find(name).slug for name in chapters] or [chapter.slug for chapter in written()]:
        click.echo(build(slug))
