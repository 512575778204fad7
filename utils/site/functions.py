"""The page *Functions*: signatures and docstrings of ``utils``, read without importing anything."""

import ast
from pathlib import Path

from utils.site.docstring import escape, markdown

FOLDERS = ("kernels", "widgets", "evidence", "data")
MODULES = ("figures", "training", "timing", "machine", "roofline")
HEAD = """# Functions

What the notebooks import from `utils`. The page is made from the docstrings, so that the search finds every
function.
"""


def page(root: Path) -> str:
    """The page in MyST Markdown: one section a module, one entry a public function or class."""
    return "\n".join([HEAD, *(_module(root, path) for path in sources(root / "utils"))])


def sources(package: Path) -> list[Path]:
    """The modules whose functions readers call, in alphabetical order."""
    paths = [path for folder in FOLDERS for path in (package / folder).rglob("*.py")]
    paths += [package / f"{name}.py" for name in MODULES]
    return sorted(path for path in paths if path.is_file() and not path.name.startswith("_"))


def _module(root: Path, path: Path) -> str:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    entries = [_entry(node) for node in tree.body if _public(node)]
    if not entries:
        return ""
    name = ".".join(path.relative_to(root).with_suffix("").parts)
    summary = (ast.get_docstring(tree) or "").partition("\n\n")[0]
    head = f"## `{name}`\n\n{escape(summary)}\n\n```{{py:currentmodule}} {name}\n```\n"
    return head + "\n".join(entries)


def _public(node: ast.stmt) -> bool:
    named = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    return named and ast.get_docstring(node) is not None


def _entry(node: ast.FunctionDef | ast.ClassDef) -> str:
    kind = "function" if isinstance(node, ast.FunctionDef) else "class"
    signature = f"{node.name}({_arguments(node.args)})" if kind == "function" else node.name
    body = markdown(ast.get_docstring(node) or "")
    return f"``````{{py:{kind}}} {signature}\n\n{body}\n``````\n"


def _arguments(arguments: ast.arguments) -> str:
    """Names and defaults; the docstring says what they are, and Sphinx would look for every type's page."""
    for argument in ast.walk(arguments):
        if isinstance(argument, ast.arg):
            argument.annotation = None
    return ast.unparse(arguments)
