"""The rules for a chapter's notebook: small cells between explanations, predictions, claims, results."""

import re
from collections.abc import Iterator
from itertools import combinations, groupby, pairwise
from statistics import median

from utils.house_rules import text as any_text

LONGEST_CELL, MEDIAN_CELL, MOST_LINES = 25, 8, 450
MOST_IN_A_ROW = 2
PREDICTIONS = 2
STUDY = ("study.sizes(", "study.claims(", "study.run(", "study.budgets(", "study.judge(")
CHECKED = "nbval-check-output"
DRAWS_PAST_US = re.compile(r"\bplt\.|\bpyplot\b|\.savefig\(")
MOST_SHARED = 0.03  # of a notebook's code lines
SHORTEST_LINE = 12  # characters; shorter lines ("return x") say nothing about copying


def problems(notebook: dict, slug: str) -> Iterator[str]:
    """What a notebook breaks, one sentence each."""
    cells = notebook["cells"]
    for cell in cells:
        yield from (f"cell {cell['id']} {problem}" for problem in _cell(cell))
    for kind, group in groupby(cells, key=lambda cell: cell["cell_type"]):
        ids = [cell["id"] for cell in group]
        if kind == "code" and len(ids) > MOST_IN_A_ROW:
            yield f"has {len(ids)} code cells in a row from {ids[0]}: explain between them."
    yield from _whole(cells, slug)


def _cell(cell: dict) -> Iterator[str]:
    text = source(cell)
    if cell["cell_type"] != "code":
        yield from any_text.problems(text)
        return
    lines = _count(text)
    if lines > LONGEST_CELL:
        yield f"has {lines} lines: split it, {LONGEST_CELL} are the most."
    if cell["outputs"] and CHECKED not in cell["metadata"].get("tags", []):
        yield "stores outputs that nothing checks: clear them."
    if DRAWS_PAST_US.search(text):
        yield "draws past utils.figures, which asks for the alternative text: use figures.subplots and show."


def _whole(cells: list[dict], slug: str) -> Iterator[str]:
    markdown = "\n".join(source(cell) for cell in cells if cell["cell_type"] == "markdown")
    code = [source(cell) for cell in cells if cell["cell_type"] == "code"]
    found = markdown.count("**Predict first**") + markdown.count("**Predict first.**")
    if found < PREDICTIONS:
        yield f"asks for {found} predictions ('**Predict first**'); ask for {PREDICTIONS}."
    for link in (f"../book/{slug}.md", f"../labs/{slug}.ipynb"):
        if link not in markdown:
            yield f"does not link {link}."
    for call in (".save()", "judge("):
        if not any(call in text for text in code):
            yield f"never calls {call}."
    if not any(CHECKED in cell["metadata"].get("tags", []) for cell in cells):
        yield f"has no worked example whose output is checked (tag {CHECKED})."


def study_problems(notebook: dict) -> Iterator[str]:
    """What a notebook that uses :mod:`utils.study` breaks: claims first, small cells, a limited length."""
    code = [source(cell) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    calls = {call: next((n for n, text in enumerate(code) if call in text), None) for call in STUDY}
    yield from (f"never calls {call}...)." for call, place in calls.items() if place is None)
    if (
        None not in calls.values()
        and not calls["study.claims("] < calls["study.run("] < calls["study.judge("]
    ):
        yield "must show its claims (study.claims) before it runs and judges them."
    lines = [_count(text) for text in code if _count(text)]
    if sum(lines) > MOST_LINES:
        yield f"has {sum(lines)} code lines; {MOST_LINES} are the most: move plumbing to utils."
    if median(lines) > MEDIAN_CELL:
        yield f"has a median of {median(lines):g} lines per code cell; {MEDIAN_CELL} is the most: split some."


def _count(text: str) -> int:
    return len([line for line in text.splitlines() if line.strip()])


def copied(notebooks: dict[str, dict]) -> Iterator[str]:
    """Notebooks that share more than 3 % of their code lines with another one; runs of two lines count."""
    runs = {slug: _runs(notebook) for slug, notebook in notebooks.items()}
    for (slug, own), (other, theirs) in combinations(runs.items(), 2):
        shared, lines = _lines(own & theirs), min(len(_lines(own)), len(_lines(theirs)))
        if len(shared) > MOST_SHARED * lines:
            yield f"{slug} and {other} share {len(shared)} of {lines} code lines: move them to utils."


def _lines(runs: set[tuple[str, str]]) -> set[str]:
    return {line for run in runs for line in run}


def _runs(notebook: dict) -> set[tuple[str, str]]:
    """Every two code lines that follow each other; parameters and imports are alike in all notebooks."""
    runs = set()
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and "parameters" not in cell["metadata"].get("tags", []):
            lines = [line.strip() for line in source(cell).splitlines()]
            lines = [line for line in lines if len(line) >= SHORTEST_LINE and not _imports(line)]
            runs.update(pairwise(lines))
    return runs


def _imports(line: str) -> bool:
    return line.startswith(("import ", "from "))


def source(cell: dict) -> str:
    """A cell's text, which the file holds as one string or as a list of lines."""
    return "".join(cell["source"])
