"""Which files of the package a piece of code depends on, found by reading its imports, without running it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

PACKAGE = "utils"
QUOTED = re.compile(r"""["']([\w./-]+)["']""")


class Closure:
    """Follows imports inside one project; remembers each file that it has read.

    Parameters
    ----------
    root
        The project's folder, which holds ``utils/``.
    """

    def __init__(self, root: Path):
        self.root = root
        self._direct: dict[Path, set[Path]] = {}

    def files(self, cells: list[str]) -> list[Path]:
        """All files below ``utils/`` that these code cells need, also through others, in sorted order.

        A module brings the packages that it lies in, what it imports anywhere in its text, and the files
        beside it that have its stem or that it names in a string (front ends, style sheets, registries).
        Imports by a computed name are not seen.
        """
        todo = [path for cell in cells for tree in [parse_cell(cell)] for path in self._imported(tree, [])]
        found: set[Path] = set()
        while todo:
            path = todo.pop()
            if path not in found:
                found.add(path)
                todo.extend(self._needs(path))
        return sorted(found)

    def _needs(self, path: Path) -> set[Path]:
        if path not in self._direct:
            self._direct[path] = set(self._module(path) if path.suffix == ".py" else self._front_end(path))
        return self._direct[path]

    def _module(self, path: Path) -> Iterator[Path]:
        tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
        folder = path.parent.relative_to(self.root).parts
        yield from self._imported(tree, list(folder))
        strings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
        yield from _beside(path, strings)

    def _front_end(self, path: Path) -> Iterator[Path]:
        """A text file names others in quotes: ``import ... from "./common.js"``."""
        yield from _beside(path, set(QUOTED.findall(path.read_text(encoding="utf-8", errors="replace"))))

    def _imported(self, tree: ast.AST, package: list[str]) -> Iterator[Path]:
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield from self._located(alias.name.split("."))
            elif isinstance(node, ast.ImportFrom):
                above = package[: len(package) - node.level + 1] if node.level else []
                base = above + (node.module.split(".") if node.module else [])
                for alias in node.names:
                    yield from self._located([*base, alias.name])

    def _located(self, parts: list[str]) -> Iterator[Path]:
        """The files of ``utils.a.b``: each package's ``__init__``, then the module; other names give none."""
        if parts[0] != PACKAGE:
            return
        for length in range(1, len(parts) + 1):
            place = self.root.joinpath(*parts[:length])
            for path in (place / "__init__.py", place.with_suffix(".py")):
                if path.is_file():
                    yield path


def parse_cell(source: str) -> ast.AST:
    """The syntax tree of a notebook's cell, IPython's own syntax (``%magic``, ``!command``) allowed.

    A cell that is not Python gives an empty tree: it fails, or not, when it runs.
    """
    if source.startswith("%%"):
        source = source.partition("\n")[2]
    try:
        return ast.parse(source)
    except SyntaxError:
        from IPython.core.inputtransformer2 import TransformerManager

        try:
            return ast.parse(TransformerManager().transform_cell(source))
        except SyntaxError:
            return ast.Module([], [])


def _beside(path: Path, strings: set) -> Iterator[Path]:
    """The files in ``path``'s folder that share its stem, and those below it that a string names."""
    yield from (other for other in path.parent.glob(f"{path.stem}.*") if other.is_file())
    for text in strings:
        if isinstance(text, str) and re.fullmatch(r"[\w./-]{1,100}\.\w{1,5}", text):
            named = (path.parent / text).resolve()
            if named.is_relative_to(path.parent) and named.is_file():
                yield named
