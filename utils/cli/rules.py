"""``frugal rules``: what the house rules say about a chapter."""

import click


@click.command()
@click.argument("names", nargs=-1, metavar="[NN|NN_SLUG]...")
def command(names: tuple[str, ...]) -> None:
    """Check chapters (all that are listed, or the named ones, drafts too) against the house rules."""
    from utils import chapters
    from utils.errors import FrugalError
    from utils.house_rules.chapter import problems

    slugs = [_slug(name) for name in names] or [chapter.slug for chapter in chapters.written()]
    broken = [problem for slug in slugs for problem in problems(slug)]
    for problem in broken:
        click.echo(problem)
    if broken:
        raise FrugalError(f"{len(broken)} house rules are broken, listed above.")


def _slug(name: str) -> str:
    """The chapter with this number, also one that is not listed yet."""
    from utils.paths import BOOK

    pages = [path.stem for path in BOOK.glob(f"{name:0>2}_*.md")] if name.isdigit() else []
    return pages[0] if pages else name
