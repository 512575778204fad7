"""``frugal pdf``: the whole book as one PDF."""

import click


@click.command()
def command() -> None:
    """Print the built website into _build/frugal-deep-learning.pdf through Chromium."""
    from utils.site.pdf import write

    click.echo(f"The book is in {write()}.")
