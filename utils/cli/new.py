"""``frugal new``: begin a chapter."""

import click


@click.command()
@click.argument("slug", metavar="NN_SLUG")
@click.argument("title")
def command(slug: str, title: str) -> None:
    """Draft a chapter: a page, a notebook and a lab that run and keep the house rules.

    \b
    Example: frugal new 13_few_bits "Training in few bits"
    """
    from utils.arguments import must_write
    from utils.paths import ROOT
    from utils.scaffold.build import draft

    must_write(ROOT)
    for path in draft(slug, title):
        click.echo(path.relative_to(ROOT))
    click.echo(
        f"Now write. `frugal rules {slug}` says what is missing; once whole, set its state in book/map.yml."
    )
