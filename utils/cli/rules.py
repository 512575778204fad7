"""``frugal rules``: what the house rules say about a chapter."""

import click


@click.command()
@click.argument("slugs", nargs=-1, metavar="[NN_SLUG]...")
def command(slugs: tuple[str, ...]) -> None:
    """Check chapters (all that are listed, or the named ones, drafts too) against the house rules."""
    from utils import chapters
    from utils.errors import FrugalError
    from utils.house_rules.chapter import problems

    slugs = slugs or tuple(chapter.slug for chapter in chapters.written())
    broken = [problem for slug in slugs for problem in problems(slug)]
    for problem in broken:
        click.echo(problem)
    if broken:
        raise FrugalError(f"{len(broken)} house rules are broken, listed above.")
