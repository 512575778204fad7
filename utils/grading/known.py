"""What is known of a lab before a class is explained; its kept answers are tried once for each version."""

import ast
import hashlib
import json
import zipfile
from collections import defaultdict
from dataclasses import asdict
from pathlib import Path

from otter.assign.solutions import replace_solutions

from utils.files import write_atomic
from utils.grading.explain import Known, signature
from utils.grading.judge import Judge
from utils.grading.plan import Step, defined, read_layout
from utils.labs.answers import Answer, read_answers
from utils.labs.master import Question, read, without_markers
from utils.paths import BUILD

SEED = 0  # of the inputs with which kept answers are tried


def known_of(slug: str, master: Path, archive: Path, unsafe: bool = False) -> Known:
    """Patterns of kept answers, stubs and names of a lab."""
    lab = read(master)
    answers = [answer for answer in read_answers(lab, master.parent) if answer.kind == "wrong"]
    total = hashlib.sha256(archive.read_bytes() + repr(answers).encode()).hexdigest()
    file = BUILD / "grading" / f"{slug}.json"
    stored = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {"digest": ""}
    if stored["digest"] != total:
        stored = {"digest": total, "patterns": _patterns(master, archive, answers, unsafe)}
        write_atomic(file, json.dumps(stored))
    patterns = {
        exercise: [(tuple(map(tuple, pattern)), says) for pattern, says in found]
        for exercise, found in stored["patterns"].items()
    }
    return Known(
        patterns,
        stubs={question.name: stub(question) for question in lab.questions},
        names={question.name: set(defined(question.solution())) for question in lab.questions},
        wanted=dict(_wanted(archive)),
    )


def stub(question: Question) -> str:
    """What the student finds in place of the solution."""
    cells = [replace_solutions(source.split("\n"), "python") for source in question.sources("solution")]
    return "\n\n".join("\n".join(cell) for cell in cells)


def _wanted(archive: Path):
    """The names that each check takes."""
    with zipfile.ZipFile(archive) as files:
        for name in files.namelist():
            if name.startswith("tests/") and name.endswith(".py"):
                for node in ast.parse(files.read(name)).body:
                    if isinstance(node, ast.FunctionDef):
                        yield (Path(name).stem, node.name), {argument.arg for argument in node.args.args}


def _patterns(master: Path, archive: Path, answers: list[Answer], unsafe: bool) -> dict[str, list]:
    """The pattern of failed checks of every kept wrong answer, by exercise."""
    places = [place for place in read_layout(master).places.values() if place.part in ("given", "answer")]
    steps = [Step(p.exercise, without_markers(p.source), p.part == "answer") for p in places]
    order = list(dict.fromkeys(step.exercise for step in steps))
    answers = sorted(answers, key=lambda answer: order.index(answer.exercise))
    sources, found = defaultdict(list), defaultdict(list)
    for answer in answers:
        sources[answer.exercise].append(answer.source)
    judge = Judge(master, archive, unsafe=unsafe)
    try:
        for answer, verdicts in zip(answers, judge.try_answers(steps, sources, SEED), strict=True):
            if pattern := signature([asdict(verdict) for verdict in verdicts]):
                found[answer.exercise].append([pattern, answer.says])
    finally:
        judge.close()
    return dict(found)
