"""The files of the widgets: served from ``_widgets/``, loaded only by pages that contain one."""

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

from utils.widgets.static import files

FOLDER = "_widgets"
MARK = 'class="frugal-widget"'


def load(
    app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None
) -> None:
    """Add the host to the pages that contain a widget, in prose or in the output of a notebook."""
    raw = doctree.findall(nodes.raw) if doctree else ()
    context["widget_host"] = f"{FOLDER}/host.js" if any(MARK in node.astext() for node in raw) else ""


def copy(app: Sphinx, error: Exception | None) -> None:
    """Put the front-end files into the site."""
    if error is None:
        folder = Path(app.outdir) / FOLDER
        folder.mkdir(exist_ok=True)
        for name, text in files().items():
            (folder / name).write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Connect both."""
    app.connect("html-page-context", load)
    app.connect("build-finished", copy)
