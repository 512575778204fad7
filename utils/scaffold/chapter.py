"""Draft a chapter: page, notebook and lab that run, and that keep the house rules from the first day."""

from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell

from utils.chapters import SLUG, planned
from utils.errors import FrugalError
from utils.house_rules.notebook import CHECKED
from utils.paths import ROOT
from utils.scaffold.fill import filled, write_new

KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
MARK = "# %% "  # begins a cell in a template: kind, id, tags


def draft(slug: str, title: str, root: Path = ROOT) -> list[Path]:
    """Write page, claims, notebook, lab and the lab's answers of a new chapter; returns the files.

    Raises
    ------
    FrugalError
        when the slug is not written NN_name, ``book/map.yml`` does not plan it, or a file exists already.
    """
    words = _words(slug, title, root)
    texts = {
        root / "book" / f"{slug}.md": filled("chapter/page.md", words),
        root / "book" / "claims" / f"{slug}.yml": filled("chapter/claims.yml", words),
        root / "notebooks" / f"{slug}.ipynb": _notebook("chapter/notebook.txt", words),
        root / "labs" / f"{slug}.ipynb": _notebook("chapter/lab.txt", words),
        root / "labs" / "answers" / f"{slug}.yml": filled("chapter/answers.yml", words),
    }
    return write_new(texts, root)


def _words(slug: str, title: str, root: Path) -> dict[str, str]:
    """What the templates leave open."""
    if not SLUG.fullmatch(slug):
        raise FrugalError(
            f"'{slug}' is no slug: write two digits and lower-case words, such as 12_denseshift."
        )
    entry = planned(slug, root)
    before = ", ".join(f"chapter {number}" for number in entry.needs) or "nothing"
    known = {"paper": entry.paper, "year": str(entry.year), "prerequisites": before}
    return {"slug": slug, "number": str(int(slug[:2])), "title": title, **known}


def _notebook(name: str, words: dict[str, str]) -> str:
    """A notebook from a template of cells; a checked cell's output follows its code after ``# -> ``."""
    cells = [_cell(part) for part in filled(name, words).split(MARK)[1:]]
    return nbformat.writes(new_notebook(cells=cells, metadata=KERNEL)) + "\n"


def _cell(part: str) -> nbformat.NotebookNode:
    head, _, source = part.partition("\n")
    kind, name, *tags = head.split()
    source, _, output = source.strip("\n").partition("\n# -> ")
    make = {"code": new_code_cell, "markdown": new_markdown_cell, "raw": new_raw_cell}[kind]
    cell = make(source, id=name, metadata={"tags": tags} if tags else {})
    if CHECKED in tags:
        cell.execution_count = 1
        cell.outputs = [new_output("stream", name="stdout", text=f"{output}\n")]
    return cell
