"""Running one answer to one exercise against its checks, in a forked process with a time limit."""

import contextlib
import copy
import io
import linecache
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

from utils.labs.cases import Case, Checks, Namespace, defined
from utils.labs.fork import forked
from utils.labs.impostors import Impostor
from utils.labs.master import Cell, Lab, Question
from utils.labs.variants import NAME as VARIANT

LIMIT = 60  # seconds of processor time for one answer; a busy machine inflates them


@dataclass(frozen=True)
class Result:
    """What one trial showed.

    Attributes
    ----------
    cases
        The test functions that were called.
    acted
        Whether an impostor in an answer's place ever behaved otherwise than the answer.
    failure
        Why the process did not come to its end; then there are no cases.
    """

    cases: list[Case]
    acted: bool = False
    failure: str = ""

    @property
    def accepted(self) -> bool:
        """Whether every check passed."""
        return not self.failure and all(case.passed for case in self.cases)

    @property
    def messages(self) -> str:
        """What a student would read."""
        return " | ".join(filter(None, [self.failure, *(case.message for case in self.cases)]))


class Trials:
    """A lab ready for trials: the autograder's checks, and the names defined before each exercise.

    The solution is run once here, in ``seconds`` of processor time. Answers are tried in forks of this
    process, so that nothing that an answer does reaches the next one. The process should do nothing else, and
    must not see a GPU (``CUDA_VISIBLE_DEVICES=``): it could not be forked then.

    Parameters
    ----------
    archive
        The built autograder archive.
    """

    def __init__(self, lab: Lab, archive: Path):
        import torch

        torch.set_num_threads(1)  # a process with a pool of threads cannot be forked
        self.lab = lab
        with zipfile.ZipFile(archive) as files:
            texts = {q.name: files.read(f"tests/{q.name}.py").decode() for q in lab.graded}
        self.checks = {name: Checks(name, text) for name, text in texts.items()}
        self.before: dict[str, Namespace] = {}
        namespace: Namespace = {"__name__": "__main__"}
        begin = time.process_time()
        for block in lab.blocks:
            if isinstance(block, Question):
                self.before[block.name] = dict(namespace)
            _run(block.cells if isinstance(block, Question) else [block], namespace, strict=True)
        self.seconds = time.process_time() - begin

    def try_solution(self, question: Question) -> Result:
        """The results of an exercise's checks for its solution, their assertions counted."""

        def work() -> Result:
            namespace = dict(self.before[question.name])
            _run(_replaced(question, question.solution()), namespace)
            return Result(list(self.checks[question.name].run(namespace, trace=True)))

        return _result(work)

    def try_answer(
        self,
        question: Question,
        source: str,
        until: Callable[[Case], bool] = lambda case: False,
        impostor: tuple[str, Impostor] | None = None,
    ) -> Result:
        """The results of an exercise's checks for this code in place of the solution's cells.

        Given cells that follow run only when they define a name that a check reads.

        Parameters
        ----------
        until
            The checks end with the first case for which it is true.
        impostor
            Name of a function of the answer, and what makes a worse one of it.
        """

        def work() -> Result:
            checks, namespace = self.checks[question.name], dict(self.before[question.name])
            _run(_replaced(question, source, checks.reads), namespace)
            worse = _disguised(checks, namespace, *impostor) if impostor else None
            cases = list(_until(checks.run(namespace), until))
            return Result(cases, getattr(worse, "acted", False))

        return _result(work)

    def try_misfits(self, question: Question, misfits: Sequence[Any]) -> list[tuple[str, str, Case]]:
        """What checks say to values of another kind: each name that they read, a misfit in its place, a case.

        A misfit takes the place of a value, or of a function's result; the other names have the solution's.
        """

        def work() -> list[tuple[str, str, Case]]:
            checks, before = self.checks[question.name], self.before[question.name]
            right = dict(before)
            _run(_replaced(question, question.solution(), checks.reads), right)
            own = [name for name in sorted(checks.reads) if right.get(name) is not before.get(name)]
            own = [name for name in own if not isinstance(right[name], type)]
            return [
                (name, repr(misfit), case)
                for name in own
                for misfit in misfits
                for case in checks.run(right | {name: _misfit(right[name], misfit)})
            ]

        return forked(work, LIMIT).value or []

    def try_variants(self, question: Question, source: str, variants: Sequence[int]) -> dict[int, Result]:
        """The results for this code of the checks that read the variant, in each variant."""

        def work() -> dict[int, Result]:
            return {variant: self._variant(question, source, variant) for variant in variants}

        outcome = forked(work, LIMIT + len(variants))
        return outcome.value or dict.fromkeys(variants, Result([], failure=outcome.failure))

    def _variant(self, question: Question, source: str, variant: int) -> Result:
        checks, namespace = self.checks[question.name], self.before[question.name] | {VARIANT: variant}
        _run(_replaced(question, source, checks.reads), namespace)
        return Result(list(checks.run(namespace, reading=VARIANT)))

    def try_untouched(self, stubs: dict[str, str]) -> Result:
        """The results of all exercises for a notebook in which every answer is still the stub."""

        def work() -> Result:
            namespace, cases = {"__name__": "__main__"}, []
            for block in self.lab.blocks:
                if not isinstance(block, Question):
                    _run([block], namespace)
                    continue
                _run(_replaced(block, stubs.get(block.name, "")), namespace)
                if block.name in self.checks:
                    cases += self.checks[block.name].run(namespace)
            return Result(cases)

        return _result(work, 6 * LIMIT)


def _misfit(right: Any, misfit: Any) -> Any:
    """The misfit, or for a function one that returns it."""
    return (lambda *_, **__: copy.deepcopy(misfit)) if callable(right) else misfit


def _until(cases: Iterator[Case], last: Callable[[Case], bool]) -> Iterator[Case]:
    """The cases up to the first one for which ``last`` is true."""
    for case in cases:
        yield case
        if last(case):
            return


def _result(work: Callable[[], Result], limit: int = LIMIT) -> Result:
    outcome = forked(work, limit)
    return outcome.value or Result([], failure=outcome.failure)


def _replaced(question: Question, source: str, read: set[str] | None = None) -> list[Cell]:
    """The exercise's code cells with ``source`` in place of the solution.

    Of the given cells behind it only those that define one of the names ``read``, if any are named.
    """
    code = [cell for cell in question.cells if cell.part in ("solution", "given")]
    first = next((i for i, cell in enumerate(code) if cell.part == "solution"), 0)
    rest = [cell for cell in code[first:] if cell.part != "solution"]
    if read is not None:
        rest = [cell for cell in rest if defined(cell.source) & read]
    return [*code[:first], Cell("solution", source), *rest]


def _run(cells: list[Cell], namespace: Namespace, strict: bool = False) -> None:
    """Execute the code cells; a cell that fails does not stop the next, as in a grader's run."""
    for cell in cells:
        if cell.part not in ("solution", "given"):
            continue
        with contextlib.redirect_stdout(io.StringIO()):
            try:
                exec(_compiled(cell), namespace)
            except Exception:
                if strict:
                    raise


def _compiled(cell: Cell) -> CodeType:
    """The cell's code, whose text can be read again (``inspect``, ``linecache``) as in a notebook."""
    name = f"<{cell.part} {hash(cell.source)}>"
    linecache.cache[name] = len(cell.source), None, cell.source.splitlines(keepends=True), name
    return compile(cell.source, name, "exec")


def _disguised(checks: Checks, namespace: Namespace, name: str, kind: Impostor) -> Callable | None:
    """Put an impostor in the place of the answer's function, and return it; None where there is no such."""
    right = namespace.get(name)
    if not isinstance(right, FunctionType):
        return None

    def rehearse(function: Callable) -> None:
        namespace[name] = function
        checks.rehearse(namespace)

    namespace[name] = kind(right, rehearse)
    return namespace[name]
