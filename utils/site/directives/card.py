"""``{card} NN_slug``: the card at the top of a chapter's page, made from its record."""

from utils import chapters
from utils.chapters import Chapter
from utils.site.directives.markdown import MarkdownDirective

CARD = """:::{{admonition}} The paper
:class: note

**{paper}**, {authors}, {year}, [{address}]({link}) {{cite}}`{cite}`. {we_read}

**Read first**: {before}.
**Time**: {read} minutes to read, {run} to run the [notebook](../notebooks/{slug}.ipynb),
{lab} minutes for the [lab](../labs/{slug}.md).
**Hardware**: any laptop.
:::
"""


class Card(MarkdownDirective):
    """Paper, what to read before, and time."""

    required_arguments = 1

    def markdown(self) -> str:
        """The text that stands in the page."""
        book = chapters.load()
        return card(chapters.planned(self.arguments[0]), {int(c.number): c for c in book.chapters})


def card(chapter: Chapter, known: dict[int, Chapter]) -> str:
    """The card as Markdown; ``known`` holds all chapters by number."""
    needs = [_named(known[number]) for number in chapter.needs] or ["nothing"]
    helps = [_named(known[number]) for number in chapter.helps]
    before = "; ".join([", ".join(needs), *([f"it helps to know {', '.join(helps)}"] if helps else [])])
    texts = {name: getattr(chapter, name) for name in ("paper", "authors", "year", "link", "cite", "we_read")}
    run = chapter.minutes["run"]
    minutes = chapter.minutes | {"run": "one minute" if run == 1 else f"{run} minutes"}
    address = chapter.link.removeprefix("https://").replace("arxiv.org/abs/", "arXiv:")
    return CARD.format(**texts, **minutes, slug=chapter.slug, before=before, address=address)


def _named(chapter: Chapter) -> str:
    """A chapter with its title, a link once it is written."""
    name = f"{int(chapter.number)}, {chapter.title}"
    return f"[{name}]({chapter.slug}.md)" if chapter.written else name
