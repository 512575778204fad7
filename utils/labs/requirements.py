"""What a grader's machine has to install for one lab, with the book's own pins."""

import ast
import sys
from collections.abc import Iterable
from importlib.metadata import packages_distributions
from pathlib import Path

from utils.execution.syntax import parse_cell
from utils.paths import PINS


def pins_of(cells: Iterable[str], modules: Iterable[Path], pins: Path = PINS) -> list[str]:
    """The lines of requirements.txt for every package that the code of a lab and of its modules imports."""
    trees = [parse_cell(cell) for cell in cells]
    trees += [ast.parse(module.read_text(encoding="utf-8")) for module in modules if module.suffix == ".py"]
    imported = {name.split(".")[0] for tree in trees for name in _imports(tree)}
    known = packages_distributions()
    wanted = {d.lower() for name in imported - set(sys.stdlib_module_names) for d in known.get(name, ())}
    lines = pins.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.partition("==")[0].lower() in wanted]


def _imports(tree: ast.AST) -> Iterable[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
