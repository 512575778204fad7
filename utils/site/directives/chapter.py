"""What stands in a chapter's page: card, claims, what could have fooled us, settings, how to cite it."""

from functools import cached_property

from docutils import nodes

from utils import chapters
from utils.chapters import Chapter
from utils.evidence import claims_file, page_tables, scoreboard, store
from utils.evidence.table import provenance_text, totals_markdown
from utils.execution.narrow import age_text
from utils.site.claim_html import claims_html
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


class Claims(MarkdownDirective):
    """``{claims} NN_slug``: what is claimed, what we measured, and in which run."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """The nodes that stand in the page."""
        html = claims_html(self.rows, self.results) if self.rows else ""
        return [nodes.raw("", html, format="html"), *super().run()]

    @cached_property
    def rows(self) -> list[scoreboard.Row]:
        """The chapter's claims."""
        return scoreboard.rows([self.arguments[0]], self.local)

    @cached_property
    def results(self) -> dict[str, dict]:
        """The results of each profile that was measured."""
        found = {name: store.load(self.arguments[0], name, self.local) for name in store.PROFILES}
        return {name: results for name, results in found.items() if results}

    def markdown(self) -> str:
        """What stands under the claims."""
        runs = [f"- {provenance_text(results)} {age_text(results)}" for results in self.results.values()]
        return "\n".join([totals_markdown(self.rows), *runs, ""])


class Fooled(MarkdownDirective):
    """``{fooled} NN_slug``: the dull explanations, the arm run against each, and what it measured."""

    required_arguments = 1

    def markdown(self) -> str:
        """The text that stands in the page."""
        slug = self.arguments[0]
        file, results = claims_file.load(slug), store.load(slug, "quick")
        return page_tables.fooled_markdown(file, scoreboard.rows([slug]), results)


class Settings(MarkdownDirective):
    """``{settings} NN_slug [full]``: sizes, arms, chosen settings and budgets."""

    required_arguments = 1
    optional_arguments = 1

    def markdown(self) -> str:
        """The text that stands in the page."""
        slug, profile, *_ = [*self.arguments, "quick"]
        results = store.load(slug, profile)
        return page_tables.settings_markdown(results) if results else page_tables.NOT_YET


ENTRY = """``````{{dropdown}} Cite this chapter
```bibtex
@incollection{{frugal{number:02d},
  author    = {{{{{author}}}}},
  title     = {{{title}}},
  booktitle = {{{book}}},
  chapter   = {{{number}}},
  year      = {{{year}}},{url}
}}
```
``````"""


class CiteChapter(MarkdownDirective):
    """A fold with the BibTeX entry."""

    required_arguments = 1

    def markdown(self) -> str:
        """The text that stands in the page."""
        config, slug = self.config, self.arguments[0]
        base = config.html_baseurl.rstrip("/")
        url = f"\n  url       = {{{base}/book/{slug}.html}}," if base else ""
        return bibtex(slug, config.author, config.html_title, config.frugal_date[:4], url)


def bibtex(slug: str, author: str, book: str, year: str, url: str) -> str:
    """The fold for one chapter of the map.

    Raises
    ------
    FrugalError
        when ``book/map.yml`` has no such chapter.
    """
    chapter = chapters.planned(slug)
    return ENTRY.format(
        number=int(chapter.number), author=author, title=chapter.title, book=book, year=year, url=url
    )
