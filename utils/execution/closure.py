"""Which files of the package a piece of code depends on, found by reading its imports, without running it."""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from utils.errors import FrugalError
from utils.execution.syntax import parse_cell

PACKAGE = "utils"
DATA_SETS = Path("utils", "data", "sets")  # one file per data set, named like the set
FRONT_ENDS = (".js", ".css")  # the site serves them itself: no outcome of a notebook holds them


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

    def files(self, cells: list[str], skip: Callable[[Path], bool] = lambda path: False) -> list[Path]:
        """All files below ``utils/`` that these code cells need, also through others, in sorted order.

        What ``skip`` says of a path is neither taken nor followed.

        A module brings the packages that it lies in, what it imports anywhere in its text, the files beside
        it that have its stem or that it names in a string, and the data sets that it names in a string
        (``fetch("mnist", ...)``). Front ends do not count. Imports by a computed name are not seen.

        Raises
        ------
        FrugalError
            when one of the modules is no valid Python.
        """
        todo = [path for cell in cells for path in self._brought(_read_cell(cell), [])]
        found: set[Path] = set()
        while todo:
            path = todo.pop()
            if path not in found and not skip(path):
                found.add(path)
                todo.extend(self._needs(path) if path.suffix == ".py" else ())
        return sorted(found)

    def _needs(self, path: Path) -> set[Path]:
        if path not in self._direct:
            code = _read_module(path)
            folder = path.parent.relative_to(self.root).parts
            self._direct[path] = {*self._brought(code, list(folder)), *_beside(path, code.strings)}
        return self._direct[path]

    def _brought(self, code: "_Code", package: list[str]) -> Iterator[Path]:
        """What code imports that stands in a package, and the data sets that it names."""
        for level, parts in code.imports:
            above = package[: len(package) - level + 1] if level else []
            yield from self._located([*above, *parts])
        yield from (path for path in self._data_sets if path.stem in code.strings)

    @cached_property
    def _data_sets(self) -> list[Path]:
        return sorted((self.root / DATA_SETS).glob("*.yml"))

    def _located(self, parts: list[str]) -> Iterator[Path]:
        """The files of ``utils.a.b``: each package's ``__init__``, then the module; other names give none."""
        if parts[0] != PACKAGE:
            return
        for length in range(1, len(parts) + 1):
            place = self.root.joinpath(*parts[:length])
            for path in (place / "__init__.py", place.with_suffix(".py")):
                if path.is_file():
                    yield path


@dataclass(frozen=True)
class _Code:
    """What a piece of code imports, as pairs of level and dotted name, and every string in it."""

    imports: tuple[tuple[int, tuple[str, ...]], ...]
    strings: frozenset[str]


def _read_module(path: Path) -> _Code:
    try:
        return _read(path.read_text(encoding="utf-8"), ast.parse)
    except SyntaxError as error:
        raise FrugalError(
            f"{path} is no valid Python ({error.msg}, line {error.lineno}); repair it."
        ) from error


def _read_cell(source: str) -> _Code:
    return _read(source, parse_cell)


@cache
def _read(text: str, parse: Callable[[str], ast.AST]) -> _Code:
    nodes = list(ast.walk(parse(text)))
    strings = {node.value for node in nodes if isinstance(node, ast.Constant)}
    imports = (name for node in nodes for name in _imports(node))
    return _Code(tuple(imports), frozenset(value for value in strings if isinstance(value, str)))


def _imports(node: ast.AST) -> Iterator[tuple[int, tuple[str, ...]]]:
    if isinstance(node, ast.Import):
        yield from ((0, tuple(alias.name.split("."))) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        base = node.module.split(".") if node.module else []
        yield from ((node.level, (*base, alias.name)) for alias in node.names)


def _beside(path: Path, strings: frozenset[str]) -> Iterator[Path]:
    """The files in ``path``'s folder that share its stem, and those below it that a string names."""
    named = (
        (path.parent / text).resolve() for text in strings if re.fullmatch(r"[\w./-]{1,100}\.\w{1,5}", text)
    )
    below = (file for file in named if file.is_relative_to(path.parent))
    for file in (*path.parent.glob(f"{path.stem}.*"), *below):
        if file.is_file() and file.suffix not in FRONT_ENDS:
            yield file
