"""The start page of the reader's desk: the written chapters, their notebooks and labs, how far you are."""

import json
from pathlib import Path

from utils.chapters import Chapter

START = "START.ipynb"

TEXT = """\
# Frugal Deep Learning

This folder is your desk. The notebooks and labs in it are your own copies: run them, change them, break them.

{table}

- A chapter's page tells the idea: `make site`, then `make serve`, and read it in the browser.
- Its notebook builds the idea: `Shift+Enter` runs a cell and goes on to the next one.
- Its lab is your turn: the checks tell you what is wrong, and nothing leaves this machine.
- After `git pull`, call `make lab` again. New versions come here. A file with your work in it, edits or
  outputs, stays as it is, and the new version lies beside it as `NAME.new.ipynb`.
- Before you hand in a lab: "Run", "Restart Kernel and Run All Cells", and look at every check once more.
- For a fresh copy, rename or delete yours and call `make lab` again.
- Something does not work? Open a terminal (File, New, Terminal) and call `frugal doctor`.
"""


def start_page(chapters: list[Chapter], files: dict[str, bytes], points: dict[str, str]) -> bytes:
    """The start page, a notebook of one text cell.

    Parameters
    ----------
    chapters : list of Chapter
        The written chapters, one row each.
    files : dict
        What the workspace is given; only what is in it is linked.
    points : dict
        Slug, to what to say about the reader's lab, such as ``"6 of 12 points"``.
    """
    rows = [_row(chapter.slug, files, points.get(chapter.slug, "")) for chapter in chapters]
    table = "\n".join(["| Chapter | Notebook | Lab | Your lab |", "| --- | --- | --- | --- |", *rows])
    cell = {"cell_type": "markdown", "id": "start", "metadata": {}, "source": TEXT.format(table=table)}
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    page = {"cells": [cell], "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(page, indent=1).encode()


def _row(slug: str, files: dict[str, bytes], points: str) -> str:
    notebook, lab = f"notebooks/{slug}.ipynb", f"labs/{slug}.ipynb"
    read = f"[read and run]({notebook})" if notebook in files else ""
    turn = f"[your turn]({lab})" if lab in files else ""
    return f"| {_title(slug, files.get(notebook))} | {read} | {turn} | {points} |"


def _title(slug: str, notebook: bytes | None) -> str:
    """The first heading of the chapter's notebook, or the slug where there is none."""
    cells = json.loads(notebook)["cells"] if notebook else []
    lines = [line for cell in cells for line in "".join(cell["source"]).splitlines()]
    headings = [line[2:].strip() for line in lines if line.startswith("# ")]
    return headings[0] if headings else Path(slug).name
