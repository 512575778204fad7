"""Turn an executed notebook into a page: drop what only the machinery needs, keep what readers should see."""

import copy
import re

PROGRESS = re.compile(r"\d+%\|.*\||\d+(\.\d+)?(it/s|s/it)")

PATH = re.compile(r"(Posix|Windows)Path\(")  # where the run saved its results: a folder that is gone
IMPORTS = re.compile(r"(import|from) ")
LIVE_WIDGET = "application/vnd.jupyter.widget-view+json"


def for_site(notebook: dict) -> dict:
    """A copy without injected parameters, progress bars, live widgets and dates, its plumbing folded."""
    notebook = copy.deepcopy(notebook)
    notebook["cells"] = [cell for cell in notebook["cells"] if "injected-parameters" not in tags(cell)]
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [shown for output in cell["outputs"] if (shown := _output(output))]
            cell["metadata"].pop("papermill", None)
            cell["metadata"].pop("execution", None)
            if plumbing(cell):
                cell["metadata"]["tags"] = [*tags(cell), "hide-input"]
    for key in ("papermill", "widgets"):
        notebook["metadata"].pop(key, None)
    return notebook


def plumbing(cell: dict) -> bool:
    """Whether a code cell only sets the scene: parameters and imports."""
    source = "".join(cell["source"])
    return "hide-input" not in tags(cell) and ("parameters" in tags(cell) or bool(IMPORTS.match(source)))


def tags(cell: dict) -> list[str]:
    """The tags of a cell."""
    return cell.get("metadata", {}).get("tags", [])


def _output(output: dict) -> dict | None:
    """The output as the page shows it; ``None`` when nothing is left of it."""
    if output["output_type"] != "stream":
        data = output.get("data", {})
        data.pop(LIVE_WIDGET, None)  # its text/html runs without a kernel
        return None if PATH.match("".join(data.get("text/plain", ""))) else output
    text = "".join(output["text"])
    lines = [line.rsplit("\r", 1)[-1] for line in text.splitlines() if not PROGRESS.search(line)]
    return {**output, "text": "\n".join(lines) + "\n"} if any(line.strip() for line in lines) else None
