"""What the judge knows of functions without asking: those that are given, and the text of those handed in."""

import ast
import builtins
import contextlib
import linecache
from collections.abc import Iterator
from types import CodeType
from typing import Any

from utils.grading.proxies import Function

CELL = "# %%"  # stands before each cell where several are one text


class Given:
    """The definitions in a lab's given cells.

    Those that call no answer run in the judge, where nobody can replace them.

    Parameters
    ----------
    sources
        The given cells, in order.
    """

    def __init__(self, sources: list[str]):
        self.nodes: dict[str, ast.stmt] = {}
        for source in sources:
            for node in ast.parse(source).body:
                self.nodes |= dict.fromkeys(_binds(node), node)

    def function(self, name: str) -> Any:
        """The function of this name, or None when there is none or when it needs an answer."""
        needed: dict[str, ast.stmt] = {}
        if not isinstance(self.nodes.get(name), ast.FunctionDef) or not self._reach(name, needed):
            return None
        order = list(self.nodes.values())
        nodes = sorted({id(n): n for n in needed.values()}.values(), key=order.index)
        names: dict[str, Any] = {"__name__": "given"}
        exec(compile(ast.Module(nodes, []), "<given>", "exec"), names)
        return names[name]

    def _reach(self, name: str, needed: dict[str, ast.stmt]) -> bool:
        """Collect what a name needs; whether all of it is given."""
        if name in needed or hasattr(builtins, name):
            return True
        if name not in self.nodes:
            return False
        needed[name] = self.nodes[name]
        return all(self._reach(other, needed) for other in _free(self.nodes[name]))


def _binds(node: ast.stmt) -> list[str]:
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return [(alias.asname or alias.name).split(".")[0] for alias in node.names]
    if isinstance(node, ast.FunctionDef):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [n.id for target in node.targets for n in ast.walk(target) if isinstance(n, ast.Name)]
    return []


def _free(node: ast.stmt) -> Iterator[str]:
    """Names that a statement reads and does not bind itself (somewhere inside)."""
    bound = {n.arg for n in ast.walk(node) if isinstance(n, ast.arg)}
    bound |= {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}
    bound |= {n.name for n in ast.walk(node) if isinstance(n, ast.FunctionDef)}
    return (n.id for n in ast.walk(node) if isinstance(n, ast.Name) and n.id not in bound)


def with_code(values: dict[str, Any], source: str) -> None:
    """Give each function that stands for a student's its code, compiled from its text and never run.

    A check that reads code (does it divide?) then reads what the student wrote.
    """
    handles = {name: value for name, value in values.items() if isinstance(value, Function)}
    codes: list[CodeType] = []
    for cell in source.split(CELL) if handles else ():
        with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
            name = f"<answer {len(codes)}>"
            codes.append(compile(cell, name, "exec"))
            linecache.cache[name] = (len(cell), None, cell.splitlines(keepends=True), name)
    for code in codes:
        for part in code.co_consts:
            if isinstance(part, CodeType) and part.co_name in handles:
                handles[part.co_name].__code__ = part
