"""``frugal lighthouse``: what Lighthouse says about the built website."""

import click

from utils.errors import FrugalError


@click.command()
def command() -> None:
    """Rate start page, chapter, notebook and scoreboard; fails below 95 (needs Node.js and Chromium).

    \b
    Example: frugal lighthouse
    """
    from utils.site.lighthouse import LEAST, measure

    low = []
    for page, scores in measure().items():
        click.echo(f"{page}: " + ", ".join(f"{name} {score}" for name, score in scores.items()))
        low += [page for score in scores.values() if score < LEAST]
    if low:
        raise FrugalError(
            f"below {LEAST}: {', '.join(dict.fromkeys(low))}. A busy machine lowers performance."
        )
