"""The rules for a lab: exercises with hints and reasons, fair checks, answers that are not copies."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import yaml

from utils.errors import FrugalError
from utils.labs.answers import answers_path, read_answers
from utils.labs.master import Lab, Question, read
from utils.labs.variants import NAME as VARIANT

POINTS = 100  # of a whole lab
FINEST = 1e-6  # a right answer in single precision may be off by so much
EXERCISES = (4, 6)  # one may come in several parts
LONGEST_ANSWER = 30  # lines that an answer writes out
RUN = 4  # lines in a row that stand in another answer too are a copy
MOST_REPEATED = 0.05  # of the lines of all answers to a lab


def problems(path: Path, draft: bool) -> Iterator[str]:
    """What the lab at ``path`` breaks, one sentence each; a draft may have fewer exercises."""
    lab, exercises = read(path), path.read_text(encoding="utf-8").count("## Exercise ")
    if not draft and not EXERCISES[0] <= exercises <= EXERCISES[1]:
        yield f"has {exercises} headings '## Exercise N'; a lab has {EXERCISES[0]} to {EXERCISES[1]}."
    points = sum(question.points for question in lab.graded)
    if not draft and points != POINTS:
        yield f"has exercises of {points:g} points in all; a lab has {POINTS}."
    if not any(VARIANT in _arguments(question) for question in lab.graded):
        yield f"has no exercise whose checks read {VARIANT}: let one draw its numbers from it."
    for question in lab.graded:
        yield from _checks(question)
        if "<details>" not in "\n".join(question.sources("prose")):
            yield f"gives no hint behind a fold in exercise {question.name}."
        if not question.sources("reasoning"):
            yield f"does not say why its solution of {question.name} is right."
    yield from _answers(lab, path.parent)


def _trees(question: Question) -> Iterator[ast.AST]:
    yield from (node for source in question.sources("tests") for node in ast.walk(ast.parse(source)))


def _arguments(question: Question) -> set[str]:
    """The names that the checks of an exercise take."""
    return {node.arg for node in _trees(question) if isinstance(node, ast.arg)}


def _checks(question: Question) -> Iterator[str]:
    """Assertions without a sentence, and tolerances that a right answer in single precision misses."""
    for node in _trees(question):
        if isinstance(node, ast.Assert) and node.msg is None:
            yield f"asserts without a sentence for the student in exercise {question.name}."
        for value in _compared(node):
            yield f"compares within {value:g} in exercise {question.name}; 1e-6 is the finest."


def _compared(node: ast.AST) -> Iterator[float]:
    """Constants that demand more than single precision: ``== 0.1``, ``< 1e-9``, ``tolerance=1e-9``."""
    if isinstance(node, ast.Compare):
        for operator, side in zip(node.ops, node.comparators, strict=True):
            value = getattr(side, "value", None)
            exact = isinstance(operator, (ast.Eq, ast.NotEq))
            if isinstance(value, float) and (exact or 0 < value < FINEST):
                yield value
    if isinstance(node, ast.keyword) and node.arg in ("tolerance", "atol", "rtol"):
        value = getattr(node.value, "value", 1)
        if isinstance(value, float) and 0 < value < FINEST:
            yield value


def _answers(lab: Lab, folder: Path) -> Iterator[str]:
    try:
        tried = {answer.exercise for answer in read_answers(lab, folder)}
    except FrugalError as error:
        yield f"has unusable answers: {error}"
        return
    yield from (
        f"has no answers to {q.name} in labs/answers/{lab.slug}.yml."
        for q in lab.graded
        if q.name not in tried
    )
    texts = list(_written(answers_path(lab.slug, folder)))
    for place, lines in texts:
        if len(lines) > LONGEST_ANSWER:
            yield f"has an answer of {len(lines)} lines ({place}); {LONGEST_ANSWER} are the most."
    share = repeated([lines for _, lines in texts])
    if share > MOST_REPEATED:
        yield f"repeats {share:.0%} of the lines of its answers: write them as replacements in the solution."


def _written(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Every answer's place and its own lines of code, without blank ones."""
    content = yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else None
    for exercise, kinds in (content or {}).items():
        for kind in kinds.keys() & {"wrong", "right"}:
            for name, entry in kinds[kind].items():
                text = entry.get("code") or "\n".join(new for _, new in entry["replace"])
                lines = [line.strip() for line in text.splitlines()]
                yield f"{exercise}, {kind} {name}", [line for line in lines if line]


def repeated(texts: list[list[str]]) -> float:
    """The share of all lines that stand in a run of ``RUN`` lines which another text has too."""
    runs = Counter(run for lines in texts for run in {tuple(lines[i : i + RUN]) for i in _starts(lines)})
    copied = sum(len(_copied(lines, runs)) for lines in texts)
    return copied / max(1, sum(map(len, texts)))


def _copied(lines: list[str], runs: Counter) -> set[int]:
    starts = (i for i in _starts(lines) if runs[tuple(lines[i : i + RUN])] > 1)
    return {line for start in starts for line in range(start, start + RUN)}


def _starts(lines: list[str]) -> range:
    return range(len(lines) - RUN + 1)
