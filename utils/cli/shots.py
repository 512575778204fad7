"""``frugal shots``: pictures of every page of the built website."""

import click


@click.command()
@click.argument("only", default="")
def command(only: str) -> None:
    """Save pictures of all pages (or those whose path contains ONLY): both schemes, phone and desktop.

    \b
    Example: frugal shots 11_bitnet
    """
    from utils.arguments import must_write
    from utils.errors import FrugalError
    from utils.paths import BUILD
    from utils.site.shots import take

    must_write(BUILD)
    paths = take(only=only)
    if not paths:
        raise FrugalError(f"no page's path contains '{only}': the pages are the files of _build/html.")
    click.echo(f"{len(paths)} pictures in {paths[0].parent}.")
