"""``frugal pdf``: the whole book as one PDF."""

import click


@click.command()
def command() -> None:
    """Print the built website into _build/frugal-deep-learning.pdf through Chromium.

    \b
    Example: frugal pdf
    """
    from utils.arguments import must_write
    from utils.paths import BUILD
    from utils.site.pdf import write

    must_write(BUILD)
    click.echo(f"The book is in {write()}.")
