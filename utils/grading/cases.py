"""The checks of an exercise, from Otter's test file, with fresh inputs for the hidden ones."""

import ast
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from utils.grading.verdicts import Verdict

LONGEST_MESSAGE = 1000


@dataclass(frozen=True)
class Case:
    """One check: where it belongs, its function, and the names that it wants."""

    exercise: str
    name: str
    points: float
    hidden: bool
    function: Callable
    arguments: tuple[str, ...]

    def verdict(self, message: str = "") -> Verdict:
        """Passed where there is no message."""
        text = message[:LONGEST_MESSAGE]
        return Verdict(self.exercise, self.name, self.points, self.hidden, not message, text)


def cases_of(exercise: str, text: str, seed: int) -> Iterator[Case]:
    """The checks in a test file; each literal seed of a hidden one becomes another, drawn from ``seed``."""
    from otter.test_files.exception_test import ExceptionTestFile

    fresh = ast.unparse(_Fresh(f"{seed}:{exercise}").visit(ast.parse(text)))
    for case in ExceptionTestFile.from_string(fresh, path=f"<checks of {exercise}>").test_cases:
        function = case.body.test_func
        arguments = function.__code__.co_varnames[: function.__code__.co_argcount]
        yield Case(exercise, function.__name__, case.points, bool(case.hidden), function, arguments)


class _Fresh(ast.NodeTransformer):
    """Replaces ``manual_seed(7)`` in hidden checks: other inputs for each submission."""

    def __init__(self, salt: str):
        self.salt, self.hidden = salt, False

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        words = [w for call in node.decorator_list if isinstance(call, ast.Call) for w in call.keywords]
        outermost, self.hidden = not self.hidden, self.hidden or any(map(_says_hidden, words))
        self.generic_visit(node)
        self.hidden = self.hidden and not outermost
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        seeds = isinstance(node.func, ast.Attribute) and node.func.attr == "manual_seed"
        if self.hidden and seeds and isinstance(node.args[0], ast.Constant):
            digest = hashlib.sha256(f"{self.salt}:{node.args[0].value}".encode()).digest()
            node.args[0] = ast.Constant(int.from_bytes(digest[:6], "big"))
        return node


def _says_hidden(word: ast.keyword) -> bool:
    return word.arg == "hidden" and isinstance(word.value, ast.Constant) and word.value.value is True
