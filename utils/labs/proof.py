"""The proof that a lab's checks can be trusted: what they accept, what they reject, and with which words."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from otter.assign.solutions import replace_solutions

from utils.labs.answers import Answer, read_answers
from utils.labs.build import OUT, build
from utils.labs.impostors import identity, memorizing, mutating
from utils.labs.master import Question, master_path, read
from utils.labs.secrecy import SHORT
from utils.labs.trial import Result, Trials
from utils.labs.variants import BOOK
from utils.labs.variants import NAME as VARIANT
from utils.paths import LABS

FEWEST_RIGHT, FEWEST_WRONG = 2, 1
VARIANTS = 3  # numbers of an exercise that are tried beside the book's
CHECK_SECONDS, LAB_SECONDS = 2, 15  # of one calm core: the longest check, the whole solution
ROOM = 3  # a crowded or older machine takes so many times longer
MISFITS = (-0.123, "text", [0.5, "text"], {"text": 0.5}, np.zeros((2, 3)))
WORSE = {
    identity: "an answer that returns its input",
    memorizing: "an answer that repeats the public results",
    mutating: "an answer that changes its input in place",
}


@dataclass(frozen=True)
class Report:
    """What the proof of one exercise found: a line of counts, and every problem in one sentence."""

    question: str
    counts: str
    problems: list[str]


def open_trials(slug: str, folder: Path = LABS, out: Path = OUT) -> Trials:
    """Build a lab and make it ready for trials."""
    return Trials(read(master_path(slug, folder)), build(slug, folder=folder, out=out)["autograder"])


def prove(trials: Trials, folder: Path = LABS, variants: int = VARIANTS) -> Iterator[Report]:
    """Prove each exercise of a lab; one report each, then one for the untouched notebook.

    Parameters
    ----------
    variants
        How many variants of an exercise that has them are tried.
    """
    kept = read_answers(trials.lab, folder)
    for question in trials.lab.graded:
        own = [answer for answer in kept if answer.exercise == question.name]
        yield _prove(trials, question, own, range(1, variants + 1))
    yield _untouched(trials)


def _prove(trials: Trials, question: Question, answers: list[Answer], variants: range) -> Report:
    solution = trials.try_solution(question)
    wrong, right = ([a for a in answers if a.kind == kind] for kind in ("wrong", "right"))
    varied = VARIANT in trials.checks[question.name].reads
    problems = [
        *_solution_problems(question, solution),
        *_telling_problems(question),
        *_impostor_problems(trials, question),
        *_misfit_problems(trials, question),
        *_few(wrong, FEWEST_WRONG, "wrong"),
        *_few(right, FEWEST_RIGHT, "right"),
        *(problem for answer in wrong for problem in _wrong_problems(trials, question, answer)),
        *(problem for answer in right for problem in _right_problems(trials, question, answer)),
        *(_variant_problems(trials, question, answers, variants) if varied else ()),
    ]
    cases, written = solution.cases, len(question.sources("tests"))
    asserted, asserts = sum(case.asserted for case in cases), sum(case.asserts for case in cases)
    counts = (
        f"ran {len(cases)} of {written} checks with {asserted} of {asserts} assertions,"
        f" {len(wrong)} wrong and {len(right)} right answers"
    )
    counts += f", {len(variants)} variants" if varied else ""
    return Report(question.name, counts, problems)


def _solution_problems(question: Question, result: Result) -> Iterator[str]:
    if result.failure:
        yield f"the solution {result.failure}"
    for case in result.cases:
        if not case.passed:
            yield f"the solution fails {case.name}: {case.message}"
        elif not case.asserts:
            yield f"{case.name} asserts nothing"
        elif case.asserted < case.asserts:
            yield f"{case.name} reaches {case.asserted} of its {case.asserts} assertions; is a loop empty?"
        if case.seconds > ROOM * CHECK_SECONDS:
            yield f"{case.name} takes {case.seconds:.0f} s of processor time; {CHECK_SECONDS} are allowed"
    written = len(question.sources("tests"))
    if len(result.cases) != written:
        yield f"{len(result.cases)} checks ran, {written} are written in the master"
    points = sum(case.points for case in result.cases)
    if points != question.points:
        yield f"the checks give {points:g} points, the exercise promises {question.points:g}"


def _telling_problems(question: Question) -> Iterator[str]:
    """Lines of the solution in the texts of the checks, which their messages are made of."""
    trees = [ast.parse(source) for source in question.sources("tests")]
    texts = [node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    said = "\n".join(text for text in texts if isinstance(text, str))
    secret = [line for line in map(str.strip, question.solution().splitlines()) if len(line) >= SHORT]
    yield from (f"a check's message gives the answer away: {line}" for line in secret if line in said)


def _impostor_problems(trials: Trials, question: Question) -> Iterator[str]:
    """Functions of the solution for which something worse is accepted; plain values have nothing to spoil."""
    source = question.solution()
    names = [node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    for name in names:
        for kind, text in WORSE.items():
            result = trials.try_answer(question, source, lambda case: not case.passed, (name, kind))
            harmless = kind is mutating and not result.acted  # no check hands it an array
            if result.accepted and not harmless:
                yield f"{text} ({name}) is accepted"


def _wrong_problems(trials: Trials, question: Question, answer: Answer) -> Iterator[str]:
    result = trials.try_answer(question, answer.source, lambda case: answer.message in case.message)
    if result.accepted:
        yield f"the wrong answer {answer.name} is accepted"
    elif answer.message not in result.messages:
        yield (
            f"the wrong answer {answer.name} is rejected without the words '{answer.message}': "
            + result.messages
        )


def _right_problems(trials: Trials, question: Question, answer: Answer) -> Iterator[str]:
    result = trials.try_answer(question, answer.source)
    if result.failure:
        yield f"the right answer {answer.name} {result.failure}"
    yield from (
        f"the right answer {answer.name} does not pass {case.name}: {case.message}"
        for case in result.cases
        if not case.passed
    )


def _variant_problems(
    trials: Trials, question: Question, answers: list[Answer], variants: range
) -> Iterator[str]:
    """Right answers must pass in each variant; wrong ones fail in each, or in none (as in the book's)."""
    solution = Answer(question.name, "", "solution", "", "", question.solution())
    for answer in [solution, *(answer for answer in answers if answer.kind != "equivalent")]:
        found = trials.try_variants(question, answer.source, [BOOK, *variants])
        expected = found[BOOK].accepted if answer.kind == "wrong" else True
        for variant, result in found.items():
            if result.accepted != expected:
                verb = "accepted" if result.accepted else f"rejected: {result.messages}"
                yield f"in variant {variant} the {answer.kind} {answer.name}".rstrip() + f" is {verb}"


def _misfit_problems(trials: Trials, question: Question) -> Iterator[str]:
    """Values of another kind that pass, or that stop a check which students see with an error of Python."""
    found = trials.try_misfits(question, MISFITS)
    for name, misfit, case in found:
        if not case.hidden and case.error not in ("", "AssertionError"):
            yield f"{case.name} stops with {case.error} ({case.message}) when {name} gives {misfit}"
    failed = {(name, misfit) for name, misfit, case in found if not case.passed}
    for name, misfit in sorted({(name, misfit) for name, misfit, _ in found} - failed):
        yield f"{misfit} in place of {name} is accepted"


def _few(answers: list[Answer], fewest: int, kind: str) -> Iterator[str]:
    if len({re.sub(r"\s", "", answer.source) for answer in answers}) < fewest:
        yield f"{len(answers)} {kind} answers are kept beside it, at least {fewest} different ones are needed"


def _untouched(trials: Trials) -> Report:
    """The notebook as it was handed out runs to its end and scores nothing."""
    stubs = {question.name: stub(question) for question in trials.lab.questions}
    result = trials.try_untouched(stubs)
    problems = [f"the untouched notebook {result.failure}"] if result.failure else []
    passed = [case for case in result.cases if case.passed]
    problems += [f"the untouched notebook passes {case.exercise}: {case.name}" for case in passed]
    for question in trials.lab.graded:
        problems += [
            f"{question.name}: {case.name} crashes on the stub ({case.error}: {case.message})"
            for case in trials.try_answer(question, stubs[question.name]).cases
            if case.error not in ("", "AssertionError")
        ]
    ran, written = len(result.cases), sum(len(q.sources("tests")) for q in trials.lab.graded)
    if ran != written:
        problems.append(f"{ran} checks ran on the untouched notebook, {written} are written")
    if trials.seconds > ROOM * LAB_SECONDS:
        problems.append(
            f"the solution takes {trials.seconds:.0f} s of processor time; {LAB_SECONDS} are allowed"
        )
    return Report("untouched", f"ran {ran} of {written} checks, {ran - len(passed)} failed", problems)


def stub(question: Question) -> str:
    """What the student finds in place of the solution."""
    cells = [replace_solutions(source.split("\n"), "python") for source in question.sources("solution")]
    return "\n\n".join("\n".join(cell) for cell in cells)
