"""Reading a chapter's notebook without running it: its text, its digest, its parameters."""

import ast
import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from utils.errors import FrugalError
from utils.execution.syntax import cell_digest

EXECUTION_TAGS = {
    "parameters",
    "raises-exception",
    "skip-execution",
}  # those that papermill and nbclient obey


@dataclass(frozen=True)
class Source:
    """The stored notebook of one chapter."""

    slug: str
    text: str

    @cached_property
    def cells(self) -> list[dict[str, Any]]:
        """The cells, as nbformat stores them."""
        return json.loads(self.text)["cells"]

    @property
    def code(self) -> list[str]:
        """The text of every code cell."""
        return [_text(cell) for cell in self.cells if cell["cell_type"] == "code"]

    def digest(self) -> str:
        """SHA-256 of what runs: the code cells in order, apart from layout, with the tags that change a run.

        Prose, comments, outputs and what an editor notes in the metadata do not count.
        """
        cells = [cell for cell in self.cells if cell["cell_type"] == "code"]
        content = [[cell_digest(_text(cell)), sorted(EXECUTION_TAGS & _tags(cell))] for cell in cells]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()

    def parameters(self) -> dict[str, Any]:
        """Names and default values (``None`` where not a literal) in the cell tagged ``parameters``."""
        found = {}
        for cell in self.cells:
            if "parameters" in _tags(cell):
                for node in ast.walk(ast.parse(_text(cell))):
                    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                        found[node.targets[0].id] = _literal(node.value)
        return found


def load(slug: str, root: Path) -> Source:
    """Read ``notebooks/<slug>.ipynb``.

    Raises
    ------
    FrugalError
        when the file is missing or is not a notebook.
    """
    path = root / "notebooks" / f"{slug}.ipynb"
    try:
        source = Source(slug, path.read_text(encoding="utf-8"))
        source.digest(), source.parameters()
    except FileNotFoundError:
        raise FrugalError(f"chapter {slug} has no notebook; write notebooks/{path.name}.") from None
    except (ValueError, KeyError, TypeError, AttributeError, SyntaxError) as error:
        raise FrugalError(f"notebooks/{path.name} is not a valid notebook ({error}); repair it.") from error
    return source


def _text(cell: dict[str, Any]) -> str:
    """A cell's source, which the format stores as one string or as a list of lines."""
    return "".join(cell["source"])


def _tags(cell: dict[str, Any]) -> set[str]:
    return set(cell.get("metadata", {}).get("tags", []))


def _literal(node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None
