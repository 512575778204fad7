"""The frame around each page: templates, style sheets, icons, footer, description for search engines."""

from html import escape
from pathlib import Path

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx
from sphinx.writers.html import HTMLTranslator

HERE = Path(__file__).parent
SIDEBAR = ["home-link.html", "sbt-sidebar-nav.html"]
GENERATED = ("book/functions", "labs/")
STYLES = ("icons.css", "book.css", "claims.css", "quiz.css", "print.css")


def prepare(app: Sphinx, config: object) -> None:
    """Look into our folders first, then into the theme's."""
    config.templates_path.insert(0, str(HERE / "templates"))
    config.html_static_path.append(str(HERE / "static"))
    config.html_search_scorer = str(HERE / "static" / "scorer.js")
    config.html_scaled_image_link = False  # a link without a text, to a picture that is already there
    config.html_favicon = str(HERE / "static" / "icon.svg")
    config.html_context["default_mode"] = "auto"
    config.html_sidebars = {"**": SIDEBAR}


def describe(
    app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None
) -> None:
    """Give the templates the first paragraph, the date and the commit."""
    context["frugal_date"], context["frugal_commit"] = app.config.frugal_date, app.config.frugal_commit
    context["site_address"] = app.config.html_baseurl
    context["page_source_suffix"] = source_suffix(pagename, context.get("page_source_suffix", ""))
    context["description"] = first_paragraph(doctree) if doctree else ""
    if pagename == "search":
        app.add_js_file("search.js", loading_method="defer")


def source_suffix(pagename: str, suffix: str) -> str:
    """The ending of the page's source in the repository; empty where the page is made from something else."""
    return "" if pagename.startswith(GENERATED) else suffix


def open_fold(self: HTMLTranslator, node: HideCodeCellNode) -> None:
    """A fold of a cell is named by its visible text, and no paragraph stands in its summary."""
    texts = {"collapsed": node["prompt_show"], "expanded": node["prompt_hide"]}
    spans = [f'<span class="{key} admonition-title">{escape(text)}</span>\n' for key, text in texts.items()]
    classes = " ".join(node["classes"])
    self.body.append(f'<details class="admonition hide {classes}">\n<summary>\n{"".join(spans)}</summary>\n')


def close_fold(self: HTMLTranslator, node: HideCodeCellNode) -> None:
    """The end of a fold."""
    self.body.append("</details>\n")


def open_entry(self: HTMLTranslator, node: nodes.citation) -> None:
    """An entry of the bibliography is an item of a list: its own role is deprecated."""
    if not isinstance(node.previous_sibling(), nodes.citation):
        self.body.append('<div role="list" class="citation-list">\n')
    self.body.append(self.starttag(node, "div", classes=[node.tagname], role="listitem"))


def close_entry(self: HTMLTranslator, node: nodes.citation) -> None:
    """The end of an entry, and of the list after its last."""
    last = not isinstance(node.next_node(descend=False, siblings=True), nodes.citation)
    self.body.append("</div>\n" + last * "</div>\n")


def own_markup(app: Sphinx) -> None:
    """Write folds and entries ourselves: validators or screen readers refuse the extensions' markup."""
    app.add_node(HideCodeCellNode, override=True, html=(open_fold, close_fold))
    app.add_node(nodes.citation, override=True, html=(open_entry, close_entry))


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
    app.add_config_value("frugal_commit", "", "html")
    app.connect("config-inited", prepare)
    app.connect("builder-inited", own_markup)  # after the extensions' own
    app.connect("html-page-context", describe, priority=400)  # before the theme makes its buttons
    for style in STYLES:
        app.add_css_file(style)
    app.add_js_file("page.js", loading_method="defer")
