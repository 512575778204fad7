"""The Sphinx extension of this book, named in ``_config.yml``: it only says which part is registered where."""

from pathlib import Path

from sphinx.application import Sphinx

from utils.site import katex, page

HERE = Path(__file__).parent


def setup(app: Sphinx) -> dict:
    """Register mathematics, directives and the frame of a page."""
    for part in (katex, page):
        part.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
