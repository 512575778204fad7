"""Whether a run counts: all its cells ran, and the results that the notebook saves are there and usable."""

import json
from pathlib import Path

from utils.errors import FrugalError
from utils.evidence.schema import parse
from utils.execution.notebook import Outcome
from utils.execution.plan import Task


def problem(task: Task, outcome: Outcome, root: Path) -> str:
    """Why a run does not count, in words that follow the notebook's name; empty when it does."""
    return outcome.error or _unrun(task, outcome.notebook) or _results(task, outcome.results, root)


def _unrun(task: Task, notebook: str) -> str:
    """A notebook can end early without an error: its kernel is told to stop, its folder is removed."""
    try:
        cells = [cell for cell in json.loads(notebook)["cells"] if not _tagged(cell, "injected-parameters")]
        code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        if code != task.source.code:
            return "came back as another notebook than the one that was sent"
        return next(filter(None, (_stopped(n, cell) for n, cell in enumerate(cells, 1))), "")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return f"came back damaged ({type(error).__name__}: {error})"


def _stopped(number: int, cell: dict) -> str:
    if cell["cell_type"] != "code" or not "".join(cell["source"]).strip():
        return ""  # an empty cell is never run
    if not isinstance(cell["execution_count"], int):
        return f"did not run its cell {number}"
    errors = [output["ename"] for output in cell["outputs"] if output["output_type"] == "error"]
    if errors and not _tagged(cell, "raises-exception"):
        return f"was ended by {errors[0]} in cell {number}"
    return ""


def _tagged(cell: dict, tag: str) -> bool:
    return tag in cell["metadata"].get("tags", [])


def _results(task: Task, results: dict[str, str], root: Path) -> str:
    """A notebook saves one file, under its own name, and again when it has saved it before."""
    name = f"{task.slug}.{task.profile}.json"
    if foreign := sorted(results.keys() - {name}):
        return f"saved results under another name than {name} ({', '.join(foreign)})"
    if name in results:
        try:
            parse(results[name], name)
        except FrugalError as error:
            return f"saved results that cannot be used: {error}"
    elif earlier := [f for f in ("_build/results", "results") if (root / f / name).is_file()]:
        return f"did not save {name} again (if it no longer should, delete it in {' and '.join(earlier)})"
    return ""
