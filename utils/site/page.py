"""The frame around each page: templates, style sheets, icons, footer, description for search engines."""

import re
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

HERE = Path(__file__).parent
# What extensions write and validators or screen readers refuse, and what it should be.
REPAIRS = {
    ' aria-label="Toggle hidden content"': "",  # MyST-NB names a fold otherwise than its visible text does
    ' role="doc-biblioentry"': ' role="listitem"',  # deprecated
}
# No paragraph may stand in a summary.
SUMMARY = re.compile(r'<p class="((?:collapsed|expanded)[^"]*)">([^<]*)</p>')
SIDEBAR = ["home-link.html", "sbt-sidebar-nav.html"]
GENERATED = ("book/functions", "labs/")
STYLES = ("icons.css", "book.css", "quiz.css", "print.css")


def prepare(app: Sphinx, config: object) -> None:
    """Look into our folders first, then into the theme's."""
    config.templates_path.insert(0, str(HERE / "templates"))
    config.html_static_path.append(str(HERE / "static"))
    config.html_scaled_image_link = False  # a link without a text, to a picture that is already there
    config.html_favicon = str(HERE / "static" / "icon.svg")
    config.html_context["default_mode"] = "auto"
    config.html_sidebars = {"**": SIDEBAR}


def describe(
    app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None
) -> None:
    """Give the templates the first paragraph, the date and the commit."""
    context["frugal_date"], context["frugal_commit"] = app.config.frugal_date, app.config.frugal_commit
    context["body"] = repair(context.get("body", ""))
    context["site_address"] = app.config.html_baseurl
    context["page_source_suffix"] = source_suffix(pagename, context.get("page_source_suffix", ""))
    context["description"] = first_paragraph(doctree) if doctree else ""


def source_suffix(pagename: str, suffix: str) -> str:
    """The ending of the page's source in the repository; empty where the page is made from something else."""
    return "" if pagename.startswith(GENERATED) else suffix


def repair(body: str) -> str:
    """The page with sound markup where an extension's is not."""
    for wrong, right in REPAIRS.items():
        body = body.replace(wrong, right)
    return SUMMARY.sub(r'<span class="\1">\2</span>', body)


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
    app.connect("html-page-context", describe, priority=400)  # before the theme makes its buttons
    for style in STYLES:
        app.add_css_file(style)
    app.add_js_file("page.js", loading_method="defer")
