"""Running one submission in one session: cells first, each in a copy of the process before it, then checks.

No hidden check is run before the last cell and the last public check: whatever a student's code may say in a
message was said before it had seen a hidden input.
"""

import builtins
import contextlib
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import torch

from utils.grading.cases import Case
from utils.grading.given import Given, with_code
from utils.grading.peer import StudentError
from utils.grading.plan import Step
from utils.grading.sandbox import Process, Session
from utils.grading.verdicts import ASLEEP, UNREADABLE, Marked, Verdict
from utils.grading.wire import Gone, ProtocolError
from utils.labs.variants import NAME


class Sabotage(Exception):
    """A process of which a copy was to be made has been ended while ``steps`` were at work."""

    def __init__(self, steps: list[Step]):
        super().__init__()
        self.steps = steps


@dataclass
class Attempt:
    """One session with what the judge knows: given functions, the variant, and the marks so far."""

    session: Session
    given: Given
    variant: int
    marked: Marked
    children: dict[str, Process] = field(default_factory=dict)  # by exercise: where its checks run

    def run_all(self, groups: list[list[Step]], cases: list[Case], left_out: list[Step]) -> None:
        """Run all steps but those left out, then the checks that have no verdict yet.

        Raises
        ------
        Sabotage
            when the session cannot go on.
        """
        self.marked.stopped.clear()
        places: dict[str, Process] = {}
        now = self.session.root
        for group in groups:
            for step in group:
                if step not in left_out and not self.late:
                    with _blaming([step]):
                        now = self.run(now, step)
            places[group[0].exercise] = now
        known = {(v.exercise, v.check) for v in self.marked.verdicts}
        left = [case for case in cases if (case.exercise, case.name) not in known]
        left.sort(key=lambda case: case.hidden)
        for (_, name), part in groupby(left, key=lambda case: (case.hidden, case.exercise)):
            own = [step for group in groups for step in group if step.own and step.exercise == name]
            if not own or any(step not in left_out for step in own):
                with _blaming(own):
                    self._check_all(places.get(name, now), list(part))

    def _check_all(self, place: Process, cases: list[Case]) -> None:
        """The checks of one exercise that are public, or hidden; whatever they leave running is ended."""
        for case in cases:
            if not self.late:
                self.marked.verdicts.append(self.check(place, case))
        self.end()

    @property
    def late(self) -> bool:
        """Whether the time of the whole submission is over."""
        return time.monotonic() > self.session.until

    def run(self, now: Process, step: Step) -> Process:
        """The process in which the step has run; the one before when it did not end well."""
        following = now.fork()
        try:
            following.ask("run", step.source)
        except StudentError as error:
            self.marked.stopped.append((step.exercise, f"{error.kind}: {error}"))
        except (Gone, ProtocolError) as error:
            why = following.reason() if isinstance(error, Gone) else UNREADABLE
            self.marked.stopped.append((step.exercise, why))
            following.end()
            following = now
        now.ask("ping")
        return following

    def check(self, place: Process, case: Case) -> Verdict:
        """Run one check against a copy of the exercise's process: the same one until it is lost."""
        if case.exercise in self.marked.asleep:
            return case.verdict(ASLEEP)
        child = self.children.get(case.exercise) or place.fork()
        self.children[case.exercise] = child
        child.peer.follows, child.peer.failed = True, None
        torch.manual_seed(0)
        try:
            with _alarm(2 * child.patience):
                values = {name: self._value(child, name) for name in case.arguments}
                with_code(values, self.marked.sources.get(case.exercise, ""))
                case.function(**values)
            return case.verdict()
        except (Gone, ProtocolError) as error:
            del self.children[case.exercise]
            self.marked.asleep += [case.exercise] if child.late else []
            why = f"your code was stopped: {child.reason()}" if isinstance(error, Gone) else UNREADABLE
            child.end()
            return case.verdict(why)
        except Exception as error:
            return case.verdict(_message(error, case.hidden))

    def end(self) -> None:
        """End the processes of the checks."""
        while self.children:
            self.children.popitem()[1].end()

    def _value(self, child: Process, name: str) -> Any:
        """The variant or a given function as they are here, else what the student's process has, or None."""
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


def _message(error: Exception, hidden: bool) -> str:
    """What the student is told; nothing that the student's own code could have filled with hidden inputs."""
    if isinstance(error, AssertionError):
        return str(error) or "a result is not what was expected"
    if isinstance(error, StudentError):
        kind = error.kind if hasattr(builtins, error.kind) else "an exception of your own"
        return f"your code stopped with {kind}" + (
            " on inputs that you cannot see" if hidden else f": {error}"
        )
    return f"the check cannot use this result: {type(error).__name__}" + ("" if hidden else f" ({error})")


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
