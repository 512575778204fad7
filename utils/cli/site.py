"""``frugal site``: build the website from the executed notebooks."""

import click


@click.command()
@click.option("--fresh", is_flag=True, help="Read every page again instead of the changed ones only.")
def command(fresh: bool) -> None:
    """Build the website into _build/html (execute the notebooks first: frugal run).

    \b
    Example: frugal site --fresh
    """
    from utils.arguments import must_write
    from utils.paths import BUILD
    from utils.site.build import build

    must_write(BUILD)

    target = build(fresh=fresh)
    click.echo(f"The site is in {target}; `make serve` shows it.")
