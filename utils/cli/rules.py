"""``frugal rules``: what the house rules say about a chapter."""

import click


@click.command()
@click.argument("names", nargs=-1, metavar="[NN|NN_SLUG]...")
def command(names: tuple[str, ...]) -> None:
    """Check chapters (all that are listed, or the named ones, drafts too) against the house rules.

    \b
    Example: frugal rules 11
    """
    from utils import chapters
    from utils.errors import FrugalError
    from utils.house_rules.chapter import problems
    from utils.paths import BOOK

    pages = [path.stem for path in BOOK.glob("*.md") if chapters.SLUG.fullmatch(path.stem)]
    slugs = [chapters.match(name, pages) or name for name in names] or [
        chapter.slug for chapter in chapters.written()
    ]
    broken = [problem for slug in slugs for problem in problems(slug)]
    for problem in broken:
        click.echo(problem)
    if broken:
        raise FrugalError(f"{len(broken)} house rules are broken, listed above.")
