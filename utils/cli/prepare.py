"""``frugal prepare``: compute what does not fit a minute, and store it where git keeps it."""

import click

from utils.arguments import Chapter


@click.command(short_help="Compute what a chapter prepares.")
@click.argument("names", nargs=-1, type=Chapter(), metavar="[NN]...")
@click.option("--force", is_flag=True, help="Prepare anew what is up to date.")
@click.option("--check", is_flag=True, help="Only say what is out of date; exit 1 when something is.")
def command(names: tuple[str, ...], force: bool, check: bool) -> None:
    """Run the cells tagged `prepare` of these chapters (all that have some) at their real size.

    What they store goes to results/prepared/, with seeds, CPU seconds and a fingerprint of its origin.

    \b
    Example: frugal prepare --check
    """
    from utils import chapters
    from utils.arguments import slugs as resolve
    from utils.errors import FrugalError
    from utils.execution import prepare

    slugs = resolve(names) if names else [c.slug for c in chapters.written() if prepare.names(c.slug)]
    late = {slug: prepare.stale(slug) for slug in slugs}
    if check:
        for sentence in (sentence for found in late.values() for sentence in found):
            click.echo(sentence)
        if any(late.values()):
            raise FrugalError("preparations are out of date: call `frugal prepare`.")
        return
    for slug in slugs:
        click.echo(f"{slug}: prepared." if prepare.run(slug, force) else f"{slug} is up to date.")
