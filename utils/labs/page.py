"""The page of a lab on the website: every task, with hints and, only where asked for, solutions folded."""

import re

from otter.assign.solutions import replace_solutions

from utils.labs.master import Cell, Lab, Question

DETAILS = re.compile(r"<details><summary>(.*?)</summary>\s*(.*?)\s*</details>", re.DOTALL)


OPEN = (
    "**Open it**: `make lab` ([Set up](../book/set_up.md)), then `labs/{slug}.ipynb` in JupyterLab; "
    "its checks run there, and your work is kept."
)


def render(lab: Lab, solutions: bool = False) -> str:
    """The lab as MyST Markdown, with a word on how to open it.

    Parameters
    ----------
    solutions
        Whether each task is followed by its solution behind a fold.
    """
    title, *rest = (text for block in lab.blocks for text in _block(block, solutions))
    return "\n\n".join([title, OPEN.format(slug=lab.slug), *rest]) + "\n"


def _block(block: Cell | Question, solutions: bool) -> list[str]:
    if isinstance(block, Cell):
        return [_cell(block)]
    shown = [_cell(cell) for cell in block.cells if cell.part != "tests"]
    shown = [text for text in shown if text]
    points = "not graded by machine" if block.manual else f"{block.points:g} points"
    shown.append(f"*{points}*" + ("" if block.manual else f' · check it with `grader.check("{block.name}")`'))
    if solutions:
        shown.append(_fold("Solution", block.solution_markdown()))
    return shown


def _cell(cell: Cell) -> str:
    if cell.part == "prose":
        return DETAILS.sub(lambda match: _fold(match.group(1), match.group(2)), cell.source)
    if cell.part == "given":
        return f"```python\n{cell.source}\n```"
    if cell.part == "solution":
        stub = "\n".join(replace_solutions(cell.source.split("\n"), "python"))
        return f"```python\n{stub}\n```"
    return ""


def _fold(title: str, body: str) -> str:
    return f"``````{{dropdown}} {title}\n{body}\n``````"
