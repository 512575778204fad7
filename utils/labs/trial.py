"""Running one answer to one exercise against its checks, in a forked process with a time limit."""

import ast
import contextlib
import io
import multiprocessing
import os
import resource
import signal
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from utils.labs.master import Cell, Lab, Question

Namespace = dict[str, Any]
Wrap = Callable[[Namespace, list], None]  # changes the answer's functions; also gets the public test cases


@dataclass(frozen=True)
class Case:
    """The result of one test function: ``asserted`` of ``asserts`` assertions were reached."""

    name: str
    points: float
    hidden: bool
    error: str  # the exception's class, empty when passed
    message: str
    asserted: int = 0
    asserts: int = 0

    @property
    def passed(self) -> bool:
        return not self.error


class Bench:
    """A lab ready for trials: the autograder's checks, and the names defined before each exercise.

    Parameters
    ----------
    archive
        The built autograder archive. The solution is run once here; answers are tried in forks of this
        process, so that nothing that an answer does reaches the next one. The process should do nothing
        else, and must not see a GPU (``CUDA_VISIBLE_DEVICES=``): it could not be forked then.
    """

    def __init__(self, lab: Lab, archive: Path):
        import torch

        torch.set_num_threads(1)  # a process with a pool of threads cannot be forked
        self.lab = lab
        with zipfile.ZipFile(archive) as files:
            self.checks = {q.name: files.read(f"tests/{q.name}.py").decode() for q in lab.graded}
        self.before: dict[str, Namespace] = {}
        namespace: Namespace = {"__name__": "__main__"}
        for block in lab.blocks:
            if isinstance(block, Question):
                self.before[block.name] = dict(namespace)
                _run(block.cells, namespace, strict=True)
            elif block.part == "given":
                _run([block], namespace, strict=True)

    def try_answer(
        self, question: Question, source: str, wrap: Wrap | None = None, limit: int = 60, stop: bool = False
    ) -> list[Case]:
        """The results of all checks of an exercise for this code in place of the solution's cells.

        Parameters
        ----------
        wrap
            Applied to the names that the answer defines before the checks run.
        limit
            Seconds of processor time; an answer that takes longer fails.
        stop
            Whether to stop at the first failed case.
        """
        cells = _replaced(question, source)

        def work() -> list[Case]:
            namespace = dict(self.before[question.name])
            _run(cells, namespace)
            return list(_cases(self.checks[question.name], question.name, namespace, wrap, stop))

        return _forked(work, limit)

    def try_untouched(self, stubs: dict[str, str], limit: int = 120) -> dict[str, list[Case]]:
        """The results of all exercises for a notebook in which every answer is still the stub."""

        def work() -> dict[str, list[Case]]:
            namespace, results = {"__name__": "__main__"}, {}
            for block in self.lab.blocks:
                if not isinstance(block, Question):
                    _run([block], namespace)
                    continue
                _run(_replaced(block, stubs.get(block.name, "")), namespace)
                if block.name in self.checks:
                    results[block.name] = list(_cases(self.checks[block.name], block.name, namespace))
            return results

        return _forked(work, limit)


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


def _replaced(question: Question, source: str) -> list[Cell]:
    """The exercise's code cells with ``source`` in place of the solution."""
    code = [cell for cell in question.cells if cell.part in ("solution", "given")]
    first = next((i for i, cell in enumerate(code) if cell.part == "solution"), 0)
    rest = [cell for cell in code[first:] if cell.part != "solution"]
    return [*code[:first], Cell("solution", source), *rest]


def _run(cells: list[Cell], namespace: Namespace, strict: bool = False) -> None:
    """Execute the code cells; a cell that fails does not stop the next, as in a grader's run."""
    for cell in cells:
        if cell.part not in ("solution", "given"):
            continue
        with contextlib.redirect_stdout(io.StringIO()):
            try:
                exec(compile(cell.source, f"<{cell.part}>", "exec"), namespace)
            except Exception:
                if strict:
                    raise


def _cases(
    text: str, name: str, namespace: Namespace, wrap: Wrap | None = None, stop: bool = False
) -> Iterator[Case]:
    """Run a test file's functions on an answer's names, one case each; count the assertions reached."""
    from otter.test_files.exception_test import ExceptionTestFile

    path = f"<checks of {name}>"
    file = ExceptionTestFile.from_string(text, path=path)
    places = {
        node.name: assertions(node) for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)
    }
    if wrap:
        wrap(namespace, [case.body for case in file.test_cases if not case.hidden])
    for case in file.test_cases:
        function = case.body.test_func.__name__
        error, message, lines = _call(case.body, namespace, path)
        reached = len(places[function] & lines)
        yield Case(function, case.points, case.hidden, error, message, reached, len(places[function]))
        if stop and error:
            return


def _call(test: Any, namespace: Namespace, path: str) -> tuple[str, str, set[int]]:
    """Class and text of the exception that a test raises (empty if none), and the lines it reached."""
    lines: set[int] = set()

    def trace(frame, event, argument):
        if frame.f_code.co_filename != path:
            return None
        lines.add(frame.f_lineno)
        return trace

    sys.settrace(trace)
    try:
        test.call_func(namespace)
    except Exception as error:
        return type(error).__name__, str(error), lines
    finally:
        sys.settrace(None)
    return "", "", lines


def _forked(work: Callable[[], Any], limit: int) -> Any:
    """The result of ``work()`` computed in a fork; one failed case when it takes too long or dies.

    ``limit`` is in seconds of processor time, so that a busy machine changes nothing; an answer that sleeps
    instead of computing is stopped after ten times as long.
    """
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)

    def child() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), 1)
            os.dup2(nowhere.fileno(), 2)
        sender.send(work())

    process = context.Process(target=child)
    process.start()
    sender.close()
    try:
        if receiver.poll(10 * limit):
            return receiver.recv()
        return [Case("time", 0, False, "TimeoutError", f"took longer than {10 * limit} s")]
    except EOFError:
        process.join()
        slow = process.exitcode == -signal.SIGXCPU
        text = f"took longer than {limit} s of processor time" if slow else "the answer ended its process"
        return [Case("process", 0, False, "TimeoutError" if slow else "SystemError", text)]
    finally:
        process.kill()
        process.join()
