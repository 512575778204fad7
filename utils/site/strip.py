"""The strip below a title: page, notebook, lab and kernels of a chapter, each a link to the others."""

from collections.abc import Callable
from html import escape

from docutils import nodes
from sphinx.application import Sphinx

from utils import chapters
from utils.chapters import Chapter

TITLE_END = "</h1>"


def links(chapter: Chapter) -> dict[str, str]:
    """What belongs to a chapter: page below the site -> its name, with the time it takes."""
    slug, minutes = chapter.slug, chapter.minutes
    return {
        f"book/{slug}": f"Page, {minutes['read']} min",
        f"notebooks/{slug}": f"Notebook, {minutes['run']} min to run",
        f"labs/{slug}": f"Lab, {minutes['lab']} min",
        **{f"book/kernels/{stem}": f"Kernel {stem}" for stem in chapter.kernels},
    }


def html(chapter: Chapter, current: str, address: Callable[[str], str]) -> str:
    """The strip on the page ``current``; ``address(page)`` gives a link."""
    here = ' aria-current="page"'
    items = "".join(
        f'<li><a{here if page == current else ""} href="{address(page)}">{escape(name)}</a></li>'
        for page, name in links(chapter).items()
    )
    name = f"Chapter {int(chapter.number)}, {chapter.title}"
    return f'<nav class="chapter-strip" aria-label="{escape(name)}"><ul>{items}</ul></nav>'


def add(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None) -> None:
    """Put the strip under the first title of each page that belongs to a written chapter."""
    for chapter in chapters.written():
        if pagename in links(chapter):
            strip = html(chapter, pagename, lambda page: app.builder.get_relative_uri(pagename, page))
            context["body"] = context["body"].replace(TITLE_END, TITLE_END + strip, 1)
            return


def setup(app: Sphinx) -> None:
    """Connect it."""
    app.connect("html-page-context", add)
