"""The judge: it holds the checks, asserts on data, and never runs a student's code."""

import ast
import resource
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path

import torch

from utils.grading.attempt import Attempt, Sabotage
from utils.grading.cases import Case, cases_of
from utils.grading.given import CELL, Given
from utils.grading.peer import StudentError
from utils.grading.plan import Cells, Step, arrange, read_layout
from utils.grading.sandbox import Session, Zygote
from utils.grading.verdicts import CROWDED_OUT, Marked, Verdict
from utils.grading.wire import Gone, ProtocolError
from utils.labs.variants import BOOK, LINE

LARGEST_FILE = 256 << 20
WHOLE = 60  # a submission may take so many times the seconds of one cell, by the clock
JUDGES_OWN = 4 << 30  # bytes that results may make the judge take


class Judge:
    """Marks submissions of one lab, one after the other.

    Parameters
    ----------
    master, archive
        The lab's master notebook, and its built autograder archive with the checks.
    seconds, memory
        Limits of a student's process for one cell or one check, in seconds of computing and MB.
    unsafe
        Without bubblewrap.
    """

    def __init__(
        self, master: Path, archive: Path, seconds: int = 60, memory: int = 2048, unsafe: bool = False
    ):
        torch.set_num_threads(1)
        self.layout = read_layout(master)
        with zipfile.ZipFile(archive) as files:
            self.checks = {name: files.read(f"tests/{name}.py").decode() for name in self.layout.exercises}
        modules = modules_of([source for _, source in self.layout.given()])
        self.zygote = Zygote(modules, seconds, memory, unsafe)
        self.longest = WHOLE * seconds

    def close(self) -> None:
        """End the sandbox."""
        self.zygote.close()

    def mark(self, notebook: Path, seed: int, variant: int = BOOK) -> Marked:
        """The marks of one notebook.

        Parameters
        ----------
        seed
            From which the hidden checks draw their inputs.
        variant
            The student's variant of the lab; what the notebook says about it does not count.
        """
        until = time.monotonic() + self.longest
        with self.zygote.start(until) as session, _limited_memory():
            return self._mark(session, notebook, seed, variant)

    def _mark(self, session: Session, notebook: Path, seed: int, variant: int) -> Marked:
        marked, cells = Marked(), _read(session, notebook)
        if isinstance(cells, str):
            marked.reason, cells = cells, []
        groups, marked.written = arrange(self.layout, cells, variant)
        marked.sources = _sources(groups)
        named = {int(n) for _, kind, source in cells if kind == "code" for n in LINE.findall(source)}
        if named - {variant}:
            marked.remark = f"the notebook is of variant {max(named)}; graded is variant {variant}"
        cases = [case for name in self.layout.exercises for case in cases_of(name, self.checks[name], seed)]
        why = self._run(session, groups, cases, variant, marked)
        found = {(verdict.exercise, verdict.check): verdict for verdict in marked.verdicts}
        marked.verdicts = [found.get((c.exercise, c.name)) or c.verdict(why) for c in cases]
        return marked

    def try_answers(
        self, steps: list[Step], answers: dict[str, list[str]], seed: int
    ) -> Iterator[list[Verdict]]:
        """The verdicts on each answer to each exercise, after the solutions of those before it.

        Parameters
        ----------
        steps
            The given cells and the solutions, in order.
        answers
            The answers to each exercise.
        """
        with self.zygote.start() as session:
            place = session.root
            for exercise, group in groupby(steps, key=lambda step: step.exercise):
                cells = list(group)
                for source in answers.get(exercise, []):
                    attempt = self._attempt(session, BOOK, Marked(sources={exercise: source}))
                    now = place
                    for step in _replaced(cells, source):
                        now = attempt.run(now, step)
                    yield [attempt.check(now, c) for c in cases_of(exercise, self.checks[exercise], seed)]
                    attempt.end()
                    while now is not place:
                        now.end()
                        now = now.parent
                for step in cells:
                    place = self._attempt(session, BOOK, Marked()).run(place, step)

    def _attempt(self, session: Session, variant: int, marked: Marked) -> Attempt:
        given = Given([source for _, source in self.layout.given(variant)])
        return Attempt(session, given, variant, marked)

    def _run(
        self, session: Session, groups: list[list[Step]], cases: list[Case], variant: int, marked: Marked
    ) -> str:
        """Run all; again without what has ended a process that it was not born in. Why checks are left."""
        own = [step for group in groups for step in group if step.own]
        left_out: list[Step] = []
        while time.monotonic() < session.until:
            try:
                self._attempt(session, variant, marked).run_all(groups, cases, left_out)
                break
            except Sabotage as error:
                guilty = [step for step in own if step in error.steps and step not in left_out]
                left_out += guilty
                if not guilty:
                    break
                session.restart()
        late = time.monotonic() > session.until
        return f"not run: all together took longer than {self.longest} s" if late else CROWDED_OUT


def _read(session: Session, notebook: Path) -> Cells | str:
    """The cells of a file, read in the sandbox before any of its code runs; or why it has none."""
    if notebook.stat().st_size > LARGEST_FILE:
        return f"the file is larger than {LARGEST_FILE >> 20} MB; clear the outputs and hand in again"
    with notebook.open("rb") as file:
        try:
            cells = session.root.ask("read", files=(file.fileno(),))
            return [(str(a), str(b), str(c)) for a, b, c in cells]
        except (StudentError, Gone, ProtocolError, TypeError, ValueError) as error:
            if isinstance(error, Gone):
                session.restart()
            return "the file is not a notebook (damaged, empty, or something else)"


def modules_of(sources: list[str]) -> list[str]:
    """The modules that cells import, and what answers may well need beside them."""
    found = {"numpy", "scipy.stats", "math", "itertools", "functools"}
    for node in (node for source in sources for node in ast.walk(ast.parse(source))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return sorted(name for name in found if not name.startswith("utils.labs.desk"))


def _sources(groups: list[list[Step]]) -> dict[str, str]:
    """The code that the student wrote for each exercise."""
    found: dict[str, list[str]] = {}
    for step in (step for group in groups for step in group if step.own and step.exercise):
        found.setdefault(step.exercise, []).append(f"{CELL}\n{step.source}")
    return {exercise: "\n\n".join(cells) for exercise, cells in found.items()}


def _replaced(cells: list[Step], source: str) -> list[Step]:
    """An exercise's steps with ``source`` in place of its solution."""
    first = next((i for i, step in enumerate(cells) if step.own), 0)
    rest = [step for step in cells[first:] if not step.own]
    return [*cells[:first], Step(cells[0].exercise, source, True), *rest]


@contextmanager
def _limited_memory() -> Iterator[None]:
    """A student's numbers may ask a given function, which runs here, for a tensor larger than the machine.

    The limit ends with the submission: this process may start others, a browser's address space among them.
    """
    if sys.platform != "linux":
        yield
        return
    taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (taken + JUDGES_OWN, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
