"""What Python code says, apart from its layout: a digest that comments, docstrings and spaces leave alone."""

import ast
import hashlib
import io
import json
import tokenize
from functools import cache

LAYOUT = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


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


@cache
def module_digest(text: str) -> str:
    """SHA-256 of a module's syntax tree without docstrings; of its text where that is no Python."""
    try:
        return _sha256(_content(ast.parse(text)))
    except SyntaxError:
        return _sha256(text)


@cache
def cell_digest(source: str) -> str:
    """The same of a notebook's cell: a semicolon at its end counts, which hides what the cell would show.

    A string that stands first in a cell is no docstring: the cell may show it. A cell with IPython's own
    syntax counts as text, but for spaces at its end.
    """
    try:
        tree = ast.parse(source)
        return _sha256([[_content(statement) for statement in tree.body], _ends_in_semicolon(source)])
    except SyntaxError:
        return _sha256(source.rstrip())


def _content(node: object) -> object:
    """A tree as nested lists; what is empty is left out, since Python's versions differ in it."""
    if isinstance(node, ast.AST):
        fields = dict(ast.iter_fields(node))
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            fields["body"] = node.body[1:]
        kept = [[name, _content(value)] for name, value in fields.items() if value not in (None, [])]
        return [type(node).__name__, *kept]
    return [_content(item) for item in node] if isinstance(node, list) else repr(node)


def _ends_in_semicolon(source: str) -> bool:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return [token.string for token in tokens if token.type not in LAYOUT][-1:] == [";"]


def _sha256(content: object) -> str:
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()
