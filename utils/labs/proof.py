"""The proof that a lab's checks can be trusted: what they accept, what they reject, and with which words."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from otter.assign.solutions import replace_solutions

from utils.labs.answers import Answer, read_answers
from utils.labs.build import OUT, build
from utils.labs.impostors import Idle, Parrot, Spoiler
from utils.labs.master import Question, master_path, read
from utils.labs.secrecy import SHORT
from utils.labs.trial import Bench, Case
from utils.paths import LABS

FEWEST_RIGHT, FEWEST_WRONG = 2, 1


@dataclass(frozen=True)
class Report:
    """What the proof of one exercise found: a line of counts, and every problem in one sentence."""

    question: str
    counts: str
    problems: list[str]


def open_bench(slug: str, folder: Path = LABS, out: Path = OUT) -> Bench:
    """Build a lab and make it ready for trials."""
    return Bench(read(master_path(slug, folder)), build(slug, folder=folder, out=out)["autograder"])


def prove(bench: Bench, folder: Path = LABS) -> Iterator[Report]:
    """Prove each exercise of a lab; one report each, then one for the untouched notebook."""
    kept = read_answers(bench.lab, folder)
    for question in bench.lab.graded:
        yield _prove(bench, question, [answer for answer in kept if answer.exercise == question.name])
    yield _untouched(bench)


def _prove(bench: Bench, question: Question, answers: list[Answer]) -> Report:
    cases = bench.try_answer(question, question.solution())
    wrong = [answer for answer in answers if answer.kind == "wrong"]
    right = [answer for answer in answers if answer.kind == "right"]
    written = len(question.sources("tests"))
    problems = [
        *_solution_problems(question, cases, written),
        *_impostor_problems(bench, question),
        *_few(wrong, FEWEST_WRONG, "wrong"),
        *_few(right, FEWEST_RIGHT, "right"),
    ]
    for answer in wrong:
        problems += _wrong_problems(answer, bench.try_answer(question, answer.source), question)
    for answer in right:
        problems += _right_problems(answer, bench.try_answer(question, answer.source))
    asserted, asserts = sum(case.asserted for case in cases), sum(case.asserts for case in cases)
    counts = (
        f"ran {len(cases)} of {written} checks with {asserted} of {asserts} assertions,"
        f" {len(wrong)} wrong and {len(right)} right answers"
    )
    return Report(question.name, counts, problems)


def _solution_problems(question: Question, cases: list[Case], written: int) -> Iterator[str]:
    for case in cases:
        if not case.passed:
            yield f"the solution fails {case.name}: {case.message}"
        elif not case.asserts:
            yield f"{case.name} asserts nothing"
        elif case.asserted < case.asserts:
            yield f"{case.name} reaches {case.asserted} of its {case.asserts} assertions; is a loop empty?"
    if len(cases) != written:
        yield f"{len(cases)} checks ran, {written} are written in the master"
    points = sum(case.points for case in cases)
    if points != question.points:
        yield f"the checks give {points:g} points, the exercise promises {question.points:g}"


def _impostor_problems(bench: Bench, question: Question) -> Iterator[str]:
    names = [node.name for node in ast.parse(question.solution()).body if isinstance(node, ast.FunctionDef)]
    if not names:  # an answer of plain values has nothing to do, repeat or spoil
        return
    for name in names:
        kinds = {
            "an answer that returns its input": Idle,
            "an answer that repeats the public results": Parrot,
        }
        for text, kind in kinds.items():
            if _accepted(bench.try_answer(question, question.solution(), kind([name]))):
                yield f"{text} ({name}) is accepted"
        cases = bench.try_answer(question, question.solution(), Spoiler([name]))
        if _accepted(cases) and _takes_arrays(bench, question, name):
            yield f"an answer that changes its input in place ({name}) is accepted"


def _takes_arrays(bench: Bench, question: Question, name: str) -> bool:
    """Whether any check hands an array to this function: then its input can be spoiled."""

    class Refuser(Spoiler):
        def worse(self, function):
            def refuse(*arguments, **named):
                assert not any(hasattr(value, "dtype") for value in arguments), "an array"
                return function(*arguments, **named)

            return refuse

    return not _accepted(bench.try_answer(question, question.solution(), Refuser([name])))


def _wrong_problems(answer: Answer, cases: list[Case], question: Question) -> Iterator[str]:
    failed = [case for case in cases if not case.passed]
    messages = " | ".join(case.message for case in failed)
    if not failed:
        yield f"the wrong answer {answer.name} is accepted"
    elif answer.message not in messages:
        yield f"the wrong answer {answer.name} is rejected without the words '{answer.message}': {messages}"
    secret = [line for line in map(str.strip, question.solution().splitlines()) if len(line) >= SHORT]
    yield from (
        f"the message for {answer.name} gives the answer away: {line}" for line in secret if line in messages
    )


def _right_problems(answer: Answer, cases: list[Case]) -> Iterator[str]:
    yield from (
        f"the right answer {answer.name} does not pass: {case.name} rejects it: {case.message}"
        for case in cases
        if not case.passed
    )


def _few(answers: list[Answer], fewest: int, kind: str) -> Iterator[str]:
    if len({re.sub(r"\s", "", answer.source) for answer in answers}) < fewest:
        yield f"{len(answers)} {kind} answers are kept beside it, at least {fewest} different ones are needed"


def _accepted(cases: list[Case]) -> bool:
    return all(case.passed for case in cases)


def _untouched(bench: Bench) -> Report:
    """The notebook as it was handed out runs to its end and scores nothing."""
    stubs = {question.name: stub(question) for question in bench.lab.questions}
    results = bench.try_untouched(stubs)
    if isinstance(results, list):
        return Report("untouched", "did not finish", [case.message for case in results])
    passed = [f"{name}: {case.name}" for name, cases in results.items() for case in cases if case.passed]
    problems = [f"the untouched notebook passes {check}" for check in passed]
    for question in bench.lab.graded:
        for case in bench.try_answer(question, stubs[question.name]):
            if case.error not in ("", "AssertionError"):
                problems.append(
                    f"{question.name}: {case.name} crashes on the stub ({case.error}: {case.message})"
                )
    ran = sum(len(cases) for cases in results.values())
    written = sum(len(question.sources("tests")) for question in bench.lab.graded)
    if ran != written:
        problems.append(f"{ran} checks ran on the untouched notebook, {written} are written")
    return Report("untouched", f"ran {ran} of {written} checks, {ran - len(passed)} failed", problems)


def stub(question: Question) -> str:
    """What the student finds in place of the solution."""
    cells = [replace_solutions(source.split("\n"), "python") for source in question.sources("solution")]
    return "\n\n".join("\n".join(cell) for cell in cells)
