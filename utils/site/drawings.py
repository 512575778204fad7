"""Drawings (``.svg``) that use ``currentColor`` stand in the page itself and take its text color."""

import re
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

FOREIGN = re.compile(
    r"<style.*?</style>|<title.*?</title>|<desc.*?</desc>|<\?xml.*?\?>|<!--.*?-->", re.DOTALL
)
NAMES = re.compile(r' (?:role|aria-labelledby|aria-label|color|xmlns)="[^"]*"')
REFERENCE = re.compile(r'(url\(#|href="#| id=")([\w-]+)')


class InlineDrawings(SphinxPostTransform):
    """Replace such images by their drawing; its name is the image's alternative text."""

    default_priority = 10  # before images are collected for copying
    formats = ("html",)

    def run(self, **options: object) -> None:
        """The nodes that stand in the page."""
        for image in list(self.document.findall(nodes.image)):
            path = Path(self.app.srcdir) / image["uri"]
            if path.suffix == ".svg" and path.is_file():
                text = path.read_text(encoding="utf-8")
                if "currentColor" in text:
                    html = inline(text, path.stem, image.get("alt", ""))
                    image.replace_self(nodes.raw("", html, format="html"))


def inline(drawing: str, stem: str, alt: str) -> str:
    """The ``<svg>`` element for a page: no style sheet that would reach other drawings, ids of its own."""
    drawing = REFERENCE.sub(rf"\g<1>{stem}-\2", FOREIGN.sub("", drawing))
    root, _, rest = drawing.strip().partition(">")
    return f'{NAMES.sub("", root)} class="drawing" role="img" aria-label="{escape(alt)}">{rest}'


def setup(app: Sphinx) -> None:
    """Register the transform."""
    app.add_post_transform(InlineDrawings)
