"""``frugal slides``: a presentation of each finished chapter."""

import click

from utils.arguments import Chapter


@click.command()
@click.argument("chapters", nargs=-1, type=Chapter())
def command(chapters: tuple[str, ...]) -> None:
    """Make slides from the executed notebooks, in _build/slides.

    \b
    Example: frugal slides 11
    """
    from utils.arguments import must_write, progress, slugs
    from utils.paths import BUILD
    from utils.slides.build import build

    chosen = slugs(chapters)
    must_write(BUILD)
    for slug in progress(chosen, "slides"):
        click.echo(build(slug))
