"""Calling the test functions of one exercise on an answer's names, and counting what they assert."""

import ast
import contextlib
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Namespace = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """The result of one test function.

    Attributes
    ----------
    error, message
        Class and text of the exception that it raised; empty when it passed.
    seconds
        Processor time that it took.
    asserted, asserts
        How many of its assertions were reached, where that was traced; else zero.
    """

    exercise: str
    name: str
    points: float
    hidden: bool
    error: str
    message: str
    seconds: float
    asserted: int
    asserts: int

    @property
    def passed(self) -> bool:
        """Whether the check raised nothing."""
        return not self.error


class Checks:
    """The checks of one exercise, from the text of Otter's test file."""

    def __init__(self, exercise: str, text: str):
        from otter.test_files.exception_test import ExceptionTestFile

        self.exercise, self.path = exercise, f"<checks of {exercise}>"
        self.cases = ExceptionTestFile.from_string(text, path=self.path).test_cases
        functions = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
        self.assertions = {node.name: assertions(node) for node in functions}
        self.arguments = {node.name: {argument.arg for argument in node.args.args} for node in functions}
        self.reads = set().union(*self.arguments.values())

    def run(self, namespace: Namespace, trace: bool = False, reading: str | None = None) -> Iterator[Case]:
        """Call the test functions, one case each.

        Parameters
        ----------
        trace
            Whether to count the assertions that each reaches.
        reading
            Leave out those that do not read this name.
        """
        for case in self.cases:
            name, lines = case.body.test_func.__name__, set()
            if reading and reading not in self.arguments[name]:
                continue
            begin = time.process_time()
            with self._traced(lines) if trace else contextlib.nullcontext():
                error, message = _call(case.body, namespace)
            seconds, asserts = time.process_time() - begin, self.assertions[name] if trace else set()
            yield Case(
                *(self.exercise, name, case.points, case.hidden, error, message),
                *(seconds, len(asserts & lines), len(asserts)),
            )

    def rehearse(self, namespace: Namespace) -> None:
        """Call the public test functions, whatever comes of it."""
        for case in self.cases:
            if not case.hidden:
                _call(case.body, namespace)

    @contextlib.contextmanager
    def _traced(self, lines: set[int]) -> Iterator[None]:
        """Collects the lines of the test file that are executed meanwhile."""

        def trace(frame, event, argument):
            if frame.f_code.co_filename != self.path:
                return None
            lines.add(frame.f_lineno)
            return trace

        sys.settrace(trace)
        try:
            yield
        finally:
            sys.settrace(None)


def assertions(function: ast.FunctionDef) -> set[int]:
    """Lines of a test that assert: ``assert``, and calls of what it imports from utils.labs.checks."""
    helpers = {
        alias.name
        for node in ast.walk(function)
        if isinstance(node, ast.ImportFrom) and node.module == "utils.labs.checks"
        for alias in node.names
    }
    calls = (
        node for node in ast.walk(function) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    )
    lines = {node.lineno for node in ast.walk(function) if isinstance(node, ast.Assert)}
    return lines | {call.lineno for call in calls if call.func.id in helpers}


def defined(source: str) -> set[str]:
    """The names that a cell's code defines."""
    nodes = list(ast.walk(ast.parse(source)))
    stored = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return stored | {node.name for node in nodes if isinstance(node, (ast.FunctionDef, ast.ClassDef))}


def _call(test: Any, namespace: Namespace) -> tuple[str, str]:
    """Class and text of the exception that a test raises, empty if none."""
    try:
        test.call_func(namespace)
    except Exception as error:
        return type(error).__name__, str(error)
    return "", ""
