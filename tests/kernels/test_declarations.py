"""Every operation is in four places under one stem, and no two files of the kernels import each other."""

import ast
from pathlib import Path

import pytest

from utils.kernels.operation import MODULES
from utils.kernels.operations import FOLDER, operations
from utils.paths import ROOT

every_operation = pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.stem)


def missing(stem: str, backends: tuple[str, ...], root: Path = ROOT) -> list[str]:
    """The files that an operation lacks: back ends, test, benchmark, page."""
    kernels = [f"utils/kernels/{stem}{MODULES[backend]}.py" for backend in backends]
    rest = [f"tests/kernels/test_{stem}.py", f"utils/kernels/bench/{stem}.py", f"book/kernels/{stem}.md"]
    return [name for name in kernels + rest if not (root / name).is_file()]


@every_operation
def test_an_operation_is_code_test_benchmark_and_page(operation):
    assert missing(operation.stem, operation.backends) == []


def test_a_missing_place_is_named(tmp_path):
    assert missing("new", ("reference", "numba"), tmp_path) == [
        "utils/kernels/new.py",
        "utils/kernels/new_cpu.py",
        "tests/kernels/test_new.py",
        "utils/kernels/bench/new.py",
        "book/kernels/new.md",
    ]


@every_operation
def test_a_back_end_that_has_a_file_is_declared(operation):
    files = {name for name, suffix in MODULES.items() if (FOLDER / f"{operation.stem}{suffix}.py").is_file()}
    assert files == set(operation.backends)


def imports(path: Path) -> set[str]:
    """Modules of the kernels that a file imports anywhere, also inside of functions."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("utils.kernels"):
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return found


def graph() -> dict[str, set[str]]:
    """Which file imports which; an operation reaches its back ends by the declaration."""
    paths = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): path
        for path in FOLDER.rglob("*.py")
        if path.name != "__init__.py"
    }
    edges = {name: imports(path) & set(paths) - {name} for name, path in paths.items()}
    for operation in operations():
        stem = f"utils.kernels.{operation.stem}"
        edges[stem] |= {stem + MODULES[backend] for backend in operation.backends if MODULES[backend]}
    return edges


def circles(edges: dict[str, set[str]]) -> list[str]:
    """The files from which a way leads back to themselves."""

    def reached(start: str) -> set[str]:
        seen, ahead = set(), [start]
        while ahead:
            new = edges.get(ahead.pop(), set()) - seen
            seen |= new
            ahead += new
        return seen

    return sorted(name for name in edges if name in reached(name))


def test_no_file_reaches_itself_by_imports():
    assert circles(graph()) == []


def test_a_circle_is_found():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}}) == ["b", "c"]


@every_operation
def test_the_page_opens_with_the_declaration(operation):
    page = (ROOT / f"book/kernels/{operation.stem}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {operation.stem}\n\n```{{kernel-head}} {operation.stem}\n```\n")
    assert f"```{{kernel-bench}} {operation.stem}\n```" in page
    assert (f"```{{kernel-compiled}} {operation.stem}\n```" in page) == ("triton" in operation.backends)


def test_every_page_is_that_of_an_operation():
    pages = {path.stem for path in (ROOT / "book/kernels").glob("*.md")} - {"index"}
    assert pages == {operation.stem for operation in operations()}
    assert "```{kernel-index}\n```" in (ROOT / "book/kernels/index.md").read_text(encoding="utf-8")
