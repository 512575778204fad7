"""Given functions that call no answer run in the judge: nobody can hand in another version of them."""

import ast
import builtins
from collections.abc import Iterator
from typing import Any


class Given:
    """The definitions in a lab's given cells.

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
