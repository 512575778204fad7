"""The frame around each page: templates, style sheets, icons, footer, description for search engines."""

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

HERE = Path(__file__).parent
STYLES = ("icons.css", "book.css", "print.css")


def prepare(app: Sphinx, config: object) -> None:
    """Look into our folders first, then into the theme's."""
    config.templates_path.insert(0, str(HERE / "templates"))
    config.html_static_path.append(str(HERE / "static"))


def describe(
    app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None
) -> None:
    """Give the templates the first paragraph, the date and the commit."""
    context["frugal_date"] = app.config.frugal_date
    context["description"] = first_paragraph(doctree) if doctree else ""


def first_paragraph(doctree: nodes.document) -> str:
    """The first paragraph of running text, at most 160 characters, cut at a word."""
    for paragraph in doctree.findall(nodes.paragraph):
        text = " ".join(paragraph.astext().split())
        if len(text) > 60:
            return text if len(text) <= 160 else text[:157].rsplit(" ", 1)[0] + "..."
    return ""


def setup(app: Sphinx) -> None:
    """Register style sheets and events."""
    app.add_config_value("frugal_date", "", "html")
    app.connect("config-inited", prepare)
    app.connect("html-page-context", describe)
    for style in STYLES:
        app.add_css_file(style)
