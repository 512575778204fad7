"""The page of functions: what the notebooks import, from docstrings in NumPy's form."""

import ast
import re
import textwrap
from pathlib import Path

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


SECTION = re.compile(r"^(\w[\w ]*)\n-{3,}$", re.MULTILINE)
SPECIAL = "\\*_[]<>{}$`#|"


def markdown(text: str) -> str:
    """A whole docstring: the summary and other paragraphs as they are, sections with a bold name."""
    before, *sections = SECTION.split(text)
    parts = [_paragraphs(before)]
    for name, body in zip(sections[::2], sections[1::2], strict=True):
        parts += [f"**{name}**", _section(body)]
    return "\n\n".join(part for part in parts if part)


def _section(body: str) -> str:
    """A list of names and what they are, or running text, as under Returns and References."""
    if re.search(r" : |^[ \t]+\S", body, re.MULTILINE):
        return "\n".join(map(_item, _items(body)))
    return _paragraphs(body)


def _paragraphs(text: str) -> str:
    """Indented paragraphs are shown as they are written, others flow."""
    found = [part for part in re.split(r"\n[ \t]*\n", text.strip("\n")) if part.strip()]
    shown = [f"~~~text\n{textwrap.dedent(it)}\n~~~" if it.startswith(" ") else escape(it) for it in found]
    return "\n\n".join(shown)


def _items(body: str) -> list[str]:
    """What begins at the margin, with its indented lines."""
    return re.findall(r"^\S.*(?:\n+[ \t]+\S.*)*", body, re.MULTILINE)


def _item(text: str) -> str:
    """Begin "name : what it is" and "Error", with what follows indented, with the name as code."""
    head, _, more = text.partition("\n")
    name, colon, said = head.partition(" : ")
    if not colon and not (more and re.fullmatch(r"[\w.]+", head)):
        return f"- {escape(text)}"
    return f"- `{name.strip('`')}`: {escape(' '.join([said, *map(str.strip, more.splitlines())]).strip())}"


def escape(text: str) -> str:
    """Docstring text as Markdown: double backticks become code, everything else is shown as written."""
    parts = " ".join(text.split()).split("``")
    plain = ["".join("\\" + sign if sign in SPECIAL else sign for sign in part) for part in parts[::2]]
    code = [f"`{part}`" for part in parts[1::2]] + [""]
    return "".join(text + mark for text, mark in zip(plain, code, strict=False))
