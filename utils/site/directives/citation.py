"""``{cite-chapter} NN_slug``: how to cite a chapter of this book, in BibTeX."""

from utils import chapters
from utils.site.directives.markdown import MarkdownDirective

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
