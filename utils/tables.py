"""Tables in a notebook: HTML for the page, aligned text where there is none."""

import html
from collections.abc import Sequence

from IPython import get_ipython
from IPython.display import display


def show(head: Sequence[str], rows: Sequence[Sequence[object]], caption: str = "") -> None:
    """Display a table; the first column names the row.

    Parameters
    ----------
    head : sequence of str
        Column names, none empty.
    rows : sequence of sequences
        Cells, shown as text.
    caption : str
        What the table holds.
    """
    text = as_text(head, rows, caption)
    if get_ipython() is None:
        print(text)
    else:
        display({"text/html": as_html(head, rows, caption), "text/plain": text}, raw=True)


def as_html(head: Sequence[str], rows: Sequence[Sequence[object]], caption: str = "") -> str:
    """The table as HTML that scrolls sideways on a narrow screen."""
    title = f"<caption>{html.escape(caption)}</caption>" if caption else ""
    columns = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in head)
    lines = "".join(f"<tr>{_row(row)}</tr>" for row in rows)
    inner = f"{title}<thead><tr>{columns}</tr></thead><tbody>{lines}</tbody>"
    region = f'class="frugal-table-scroll" role="region" tabindex="0" aria-label="{html.escape(caption)}"'
    return f'<div {region}><table class="table">{inner}</table></div>'


def as_text(head: Sequence[str], rows: Sequence[Sequence[object]], caption: str = "") -> str:
    """The table as text, columns aligned."""
    cells = [list(map(str, row)) for row in (head, *rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    lines = ["  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in cells]
    return "\n".join(([caption] if caption else []) + lines)


def _row(row: Sequence[object]) -> str:
    first, *rest = (html.escape(str(cell)) for cell in row)
    return f'<th scope="row">{first}</th>' + "".join(f"<td>{cell}</td>" for cell in rest)
