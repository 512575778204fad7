"""``frugal toc``: write the table of contents from the list of chapters."""

import click


@click.command(short_help="Write _toc.yml from book/map.yml.")
def command() -> None:
    """Write _toc.yml from book/map.yml: which chapters are written, in which part.

    \b
    Example: frugal toc
    """
    from utils import toc

    click.echo("_toc.yml is written anew." if toc.write() else "_toc.yml is up to date.")
