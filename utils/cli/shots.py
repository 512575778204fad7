"""``frugal shots``: pictures of every page of the built website."""

import click


@click.command()
@click.argument("only", default="")
def command(only: str) -> None:
    """Save pictures of all pages (or those whose path contains ONLY): both schemes, phone and desktop."""
    from utils.site.shots import take

    paths = take(only=only)
    click.echo(
        f"{len(paths)} pictures in {paths[0].parent}." if paths else f"No page's path contains '{only}'."
    )
