"""The judge: it holds the checks, asserts on data, and never runs a student's code."""

import ast
import builtins
import contextlib
import hashlib
import signal
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

import torch

from utils.grading.given import CELL, Given, with_code
from utils.grading.peer import StudentError
from utils.grading.plan import Layout, Step, arrange, read_layout
from utils.grading.sandbox import Process, Session, Zygote
from utils.grading.wire import Gone, ProtocolError
from utils.labs.variants import BOOK, LINE, NAME

LARGEST_FILE = 256 << 20
UNREADABLE = "what it gives back cannot be read by the grader"
STOPPED_ALL = "not run: this exercise ended the processes of the others, or left them no room"


@dataclass(frozen=True)
class Verdict:
    """What one check said."""

    exercise: str
    check: str
    points: float
    hidden: bool
    passed: bool
    message: str = ""

    @property
    def earned(self) -> float:
        return self.points if self.passed else 0


@dataclass
class Marked:
    """A submission with its marks: verdicts in the lab's order, cells that stopped, written answers."""

    verdicts: list[Verdict] = field(default_factory=list)
    stopped: list[tuple[str, str]] = field(default_factory=list)  # exercise, why
    written: dict[str, str] = field(default_factory=dict)
    reason: str = ""  # why nothing of it could be read
    remark: str = ""
    sources: dict[str, str] = field(default_factory=dict)  # the code of each exercise


class Judge:
    """Marks submissions of one lab, one after the other.

    Parameters
    ----------
    master, archive
        The lab's master notebook, and its built autograder archive with the checks.
    seconds, memory
        Limits of a student's process for one cell or one check.
    """

    def __init__(
        self, master: Path, archive: Path, seconds: int = 60, memory: int = 2048, unsafe: bool = False
    ):
        torch.set_num_threads(1)
        self.layout: Layout = read_layout(master)
        with zipfile.ZipFile(archive) as files:
            self.checks = {name: files.read(f"tests/{name}.py").decode() for name in self.layout.exercises}
        modules = modules_of([source for _, source in self.layout.given()])
        self.zygote = Zygote(modules, seconds, memory, unsafe)
        self.take(BOOK)

    def close(self) -> None:
        self.zygote.close()

    def take(self, variant: int) -> None:
        """Judge by this variant of the lab from now on."""
        self.variant = variant
        self.given = Given([source for _, source in self.layout.given(variant)])

    def mark(self, notebook: Path, seed: int, variant: int = BOOK) -> Marked:
        """The marks of one notebook.

        Parameters
        ----------
        seed
            From which the hidden checks draw their inputs.
        variant
            The student's variant of the lab; what the notebook says about it does not count.
        """
        self.take(variant)
        marked, cells = Marked(), self._cells(notebook)
        if isinstance(cells, str):
            marked.reason, cells = cells, []
        groups, marked.written = arrange(self.layout, cells, variant)
        named = {int(n) for _, kind, source in cells if kind == "code" for n in LINE.findall(source)}
        if named - {variant}:
            marked.remark = f"the notebook is of variant {max(named)}; graded is variant {variant}"
        for group in groups:
            for step in group:
                if step.own and step.exercise:
                    text = marked.sources.get(step.exercise, "")
                    marked.sources[step.exercise] = f"{text}\n\n{CELL}\n{step.source}".strip()
        return self.mark_steps(groups, seed, marked)

    def mark_steps(self, groups: list[list[Step]], seed: int, marked: Marked) -> Marked:
        """Run the steps and the checks; again without what has ended a process that it was not born in."""
        cases = {name: list(self._cases(name, seed)) for name in self.layout.exercises}
        own = [step for group in groups for step in group if step.own]
        left_out: list[Step] = []
        for _ in range(len(own) + 1):
            with self.zygote.start() as session:
                try:
                    self._attempt(session, groups, cases, left_out, marked)
                    break
                except Sabotage as error:
                    left_out += [step for step in own if step in error.steps and step not in left_out]
        known = {(v.exercise, v.check) for v in marked.verdicts}
        marked.verdicts += [
            Verdict(name, case.name, case.points, case.hidden, False, STOPPED_ALL)
            for name in cases
            for case in cases[name]
            if (name, case.name) not in known
        ]
        order = [(name, case.name) for name in cases for case in cases[name]]
        marked.verdicts.sort(key=lambda v: order.index((v.exercise, v.check)))
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
            now = session.root
            for exercise, group in groupby(steps, key=lambda step: step.exercise):
                cells = list(group)
                first = next((i for i, step in enumerate(cells) if step.own), 0)
                rest = [step for step in cells[first:] if not step.own]
                for source in answers.get(exercise, []):
                    place, marked = now, Marked(sources={exercise: source})
                    for step in (*cells[:first], Step(exercise, source, True), *rest):
                        place = self._run(place, step, marked)
                    yield [self._check(place, exercise, case, marked) for case in self._cases(exercise, seed)]
                    while place is not now:
                        place.end()
                        place = place.parent
                for step in cells:
                    now = self._run(now, step, Marked())

    def _attempt(self, session: Session, groups: list, cases: dict, left_out: list, marked: Marked) -> None:
        marked.stopped.clear()
        places: dict[str, Process] = {}
        now = session.root
        for group in groups:
            for step in group:
                if step not in left_out:
                    with _blaming([step]):
                        now = self._run(now, step, marked)
            places[group[0].exercise] = now
        known = {(v.exercise, v.check) for v in marked.verdicts}
        for hidden in (False, True):  # no input of a hidden check exists before the last message is known
            for name in cases:
                suspects = [step for group in groups for step in group if step.exercise == name]
                own = [step for step in suspects if step.own]
                if own and all(step in left_out for step in own):
                    continue
                for case in cases[name]:
                    if case.hidden is hidden and (name, case.name) not in known:
                        with _blaming(suspects):
                            marked.verdicts.append(self._check(places.get(name, now), name, case, marked))

    def _run(self, now: Process, step: Step, marked: Marked) -> Process:
        """The process in which the step has run; the one before when it did not end well."""
        following = now.fork()
        try:
            following.ask("run", step.source)
        except StudentError as error:
            marked.stopped.append((step.exercise, f"{error.kind}: {error}"))
        except (Gone, ProtocolError) as error:
            marked.stopped.append(
                (step.exercise, following.reason() if isinstance(error, Gone) else UNREADABLE)
            )
            following.end()
            following = now
        now.ask("ping")
        return following

    def _check(self, place: Process, name: str, case: "Case", marked: Marked) -> Verdict:
        """Run one check against a copy of the exercise's process."""
        child = place.fork()
        child.peer.follows = True
        torch.manual_seed(0)
        try:
            with _alarm(2 * child.patience):
                values = {arg: self._value(child, arg) for arg in case.arguments}
                with_code(values, marked.sources.get(name, ""))
                case.function(**values)
            message, passed = "", True
        except AssertionError as error:
            message, passed = str(error) or "a result is not what was expected", False
        except Gone:
            message, passed = f"your code was stopped: {child.reason()}", False
        except StudentError as error:
            kind = error.kind if hasattr(builtins, error.kind) else "exception of your own"
            text = f"{error.kind}: {error}" if not case.hidden else f"{kind} (on inputs that you cannot see)"
            message, passed = f"your code stopped with {text}", False
        except ProtocolError:
            message, passed = UNREADABLE, False
        except Exception as error:
            text = f" ({error})" if not case.hidden else ""
            message, passed = f"the check cannot use this result: {type(error).__name__}{text}", False
        finally:
            child.end()
        return Verdict(name, case.name, case.points, case.hidden, passed, message[:1000])

    def _value(self, child: Process, name: str) -> Any:
        """A given function or the variant as they are here, else what the student's process has, or None."""
        if name == NAME:
            return self.variant
        if (function := self.given.function(name)) is not None:
            return function
        try:
            return child.ask("get", name)
        except StudentError as error:
            if error.kind == "NameError":
                return None
            raise

    def _cells(self, notebook: Path) -> list | str:
        """The cells of a file, read in the sandbox; or why it has none."""
        if notebook.stat().st_size > LARGEST_FILE:
            return f"the file is larger than {LARGEST_FILE >> 20} MB; clear the outputs and hand in again"
        with self.zygote.start() as session, notebook.open("rb") as file:
            try:
                cells = session.root.ask("read", files=(file.fileno(),))
            except (StudentError, Gone, ProtocolError):
                return "the file is not a notebook (damaged, empty, or something else)"
        fits = isinstance(cells, list) and all(
            isinstance(c, tuple) and list(map(type, c)) == [str] * 3 for c in cells
        )
        return cells if fits else "the file is not a notebook"

    def _cases(self, name: str, seed: int) -> Iterator["Case"]:
        from otter.test_files.exception_test import ExceptionTestFile

        text = ast.unparse(_Fresh(f"{seed}:{name}").visit(ast.parse(self.checks[name])))
        for case in ExceptionTestFile.from_string(text, path=f"<checks of {name}>").test_cases:
            function = case.body.test_func
            arguments = function.__code__.co_varnames[: function.__code__.co_argcount]
            yield Case(function.__name__, case.points, bool(case.hidden), function, arguments)


@dataclass(frozen=True)
class Case:
    """One check: its name, points and function, and the names that it wants."""

    name: str
    points: float
    hidden: bool
    function: Any
    arguments: tuple[str, ...]


class _Fresh(ast.NodeTransformer):
    """Gives every literal seed of a hidden check another value: other inputs for each submission."""

    def __init__(self, salt: str):
        self.salt, self.hidden = salt, False

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        marks = [word for call in node.decorator_list if isinstance(call, ast.Call) for word in call.keywords]
        self.hidden = self.hidden or any(
            w.arg == "hidden" and getattr(w.value, "value", 0) is True for w in marks
        )
        self.generic_visit(node)
        if node.decorator_list:
            self.hidden = False
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        seeded = (
            isinstance(node.func, ast.Attribute) and node.func.attr == "manual_seed" and len(node.args) == 1
        )
        if self.hidden and seeded and isinstance(node.args[0], ast.Constant):
            digest = hashlib.sha256(f"{self.salt}:{node.args[0].value}".encode()).digest()
            node.args[0] = ast.Constant(int.from_bytes(digest[:6], "big"))
        return node


def modules_of(sources: list[str]) -> list[str]:
    """The modules that cells import, and what answers may well need beside them."""
    found = {"numpy", "scipy.stats", "math", "itertools", "functools"}
    for source in sources:
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return sorted(name for name in found if not name.startswith("utils.labs"))


class Sabotage(Exception):
    """A process that a copy was to be made of has been ended; ``steps`` were at work."""

    def __init__(self, steps: list[Step]):
        super().__init__()
        self.steps = steps


@contextlib.contextmanager
def _blaming(steps: list[Step]) -> Iterator[None]:
    try:
        yield
    except Gone:
        raise Sabotage(steps) from None


@contextlib.contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """Stop a check that a result has led astray, such as a list of a million rows."""

    def stop(*_: object) -> None:
        raise ProtocolError

    old = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)
