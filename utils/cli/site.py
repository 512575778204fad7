"""``frugal site``: build the website from the executed notebooks."""

import click


@click.command()
@click.option("--fresh", is_flag=True, help="Read every page again instead of the changed ones only.")
@click.option("--solutions", is_flag=True, help="Show the labs' solutions, folded; not where marks count.")
def command(fresh: bool, solutions: bool) -> None:
    """Build the website into _build/html (execute the notebooks first: frugal run).

    \b
    Example: frugal site --fresh
    """
    from utils.arguments import must_write
    from utils.paths import BUILD
    from utils.site.build import build

    must_write(BUILD)

    target = build(fresh=fresh, solutions=solutions)
    click.echo(f"The site is in {target}; `make serve` shows it.")
