"""Slides of a chapter, made by nbconvert from its executed notebook; reveal.js and KaTeX lie beside them."""

import shutil
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from utils.execution import executed
from utils.files import write_atomic
from utils.paths import BUILD, ROOT

OUT = BUILD / "slides"
HERE = Path(__file__).parent
KATEX = ROOT / "utils" / "site" / "static" / "katex"


def build(slug: str, out: Path = OUT) -> Path:
    """Write ``out/<slug>.html`` and the files that it needs; opens in a browser without a server.

    Raises
    ------
    FrugalError
        when the chapter's notebook was not executed yet, or has changed since.
    """
    html = render(nbformat.from_dict(executed.read(slug)), slug)
    shutil.copytree(KATEX, out / "katex", dirs_exist_ok=True)
    shutil.copytree(HERE / "static", out, dirs_exist_ok=True)
    write_atomic(out / f"{slug}.html", html)
    return out / f"{slug}.html"


def render(notebook: NotebookNode, title: str) -> str:
    """The notebook as one page of slides."""
    from nbconvert import SlidesExporter
    from traitlets.config import Config

    config = Config()
    config.TagRemovePreprocessor.enabled = True
    config.TagRemovePreprocessor.remove_cell_tags = {"parameters"}
    config.TagRemovePreprocessor.remove_input_tags = {"hide-input"}
    exporter = SlidesExporter(
        config=config,
        template_name=HERE.joinpath("template").name,
        extra_template_basedirs=[str(HERE)],
        reveal_url_prefix="reveal",
        reveal_theme="book",
        exclude_input_prompt=True,
        exclude_output_prompt=True,
    )
    html, _ = exporter.from_notebook_node(arrange(notebook), {"metadata": {"name": title}})
    return html


def arrange(notebook: NotebookNode) -> NotebookNode:
    """Give each cell its place: a heading of the first two levels starts a slide, other text one below it."""
    for cell in notebook.cells:
        if cell.cell_type != "markdown":
            kind = "-"  # code stays with the text before it
        else:
            kind = "slide" if cell.source.startswith(("# ", "## ")) else "subslide"
        cell.metadata.setdefault("slideshow", {}).setdefault("slide_type", kind)
    return notebook
