"""Why a class failed: kept wrong answers leave patterns of failed checks, and so do students' answers."""

import hashlib
import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from utils.files import write_atomic
from utils.grading.plan import Step
from utils.labs.answers import read_answers
from utils.labs.master import read, without_markers
from utils.paths import BUILD

SEED = 0  # of the inputs with which kept answers are tried
EXAMPLES = 3
Signature = tuple[tuple[str, str], ...]  # failed checks with the shape of their messages


@dataclass
class Group:
    """Students of one exercise with the same pattern of failed checks.

    ``says`` is the misconception that leaves this pattern (several, where they cannot be told apart); a group
    without one is a candidate for a new kept answer.
    """

    exercise: str
    checks: list[str]
    says: list[str]
    message: str
    keys: list[str] = field(default_factory=list)
    examples: list[str] = field(default_factory=list)


def signature(verdicts: list[dict]) -> Signature:
    """Which checks of an exercise failed, and how, without the numbers in the messages."""
    return tuple(sorted((v["check"], _shape(v["message"])) for v in verdicts if not v["passed"]))


def explain(rows: list[dict], kept: dict[str, list[tuple[Signature, str]]]) -> list[Group]:
    """The failing students in groups, the largest first."""
    groups: dict[tuple, Group] = {}
    for row in rows:
        for exercise, verdicts in by_exercise(row["verdicts"]).items():
            pattern = signature(verdicts)
            if not pattern or not row["sources"].get(exercise):
                continue
            says = _known(pattern, kept.get(exercise, []))
            key = (exercise, tuple(says) or pattern)
            failed = [v for v in verdicts if not v["passed"]]
            group = groups.setdefault(
                key, Group(exercise, [v["check"] for v in failed], says, failed[0]["message"])
            )
            group.keys.append(row["key"])
            source = row["sources"][exercise]
            if len(group.examples) < EXAMPLES and source not in group.examples:
                group.examples.append(source)
    return sorted(groups.values(), key=lambda g: (-len(g.keys), g.exercise, g.checks))


def by_exercise(verdicts: list[dict]) -> dict[str, list[dict]]:
    """The verdicts of each exercise, in order."""
    found: dict[str, list[dict]] = defaultdict(list)
    for verdict in verdicts:
        found[verdict["exercise"]].append(verdict)
    return dict(found)


def _known(pattern: Signature, kept: list[tuple[Signature, str]]) -> list[str]:
    """The misconceptions with this pattern: exactly, or else the only one that fails the same checks and says
    the same in one of them.
    """
    exact = [says for known, says in kept if known == pattern]
    if exact:
        return exact
    checks = [name for name, _ in pattern]
    alike = [s for known, s in kept if [name for name, _ in known] == checks and set(known) & set(pattern)]
    return alike if len(alike) == 1 else []


def _shape(message: str) -> str:
    return re.sub(r"[-+]?\d[\d.,_e+-]*", "#", message)[:200]


def kept_signatures(slug: str, master: Path, archive: Path, unsafe: bool = False) -> dict[str, list]:
    """The pattern of every kept wrong answer, by exercise; found once for each version of lab and answers."""
    lab = read(master)
    answers = [answer for answer in read_answers(lab, master.parent) if answer.kind == "wrong"]
    total = hashlib.sha256(archive.read_bytes() + repr(answers).encode()).hexdigest()
    file = BUILD / "grading" / f"{slug}.json"
    if file.is_file() and (stored := json.loads(file.read_text(encoding="utf-8")))["digest"] == total:
        found = stored["signatures"]
    else:
        found = _try_all(master, archive, answers, unsafe)
        write_atomic(file, json.dumps({"digest": total, "signatures": found}))
    return {
        exercise: [(tuple(map(tuple, pattern)), says) for pattern, says in known]
        for exercise, known in found.items()
    }


def _try_all(master: Path, archive: Path, answers: list, unsafe: bool) -> dict[str, list]:
    from dataclasses import asdict

    from utils.grading.judge import Judge

    judge = Judge(master, archive, unsafe=unsafe)
    found: dict[str, list] = defaultdict(list)
    try:
        places = [place for place in judge.layout.places.values() if place.part in ("given", "answer")]
        steps = [Step(p.exercise, without_markers(p.source), p.part == "answer") for p in places]
        sources = defaultdict(list)
        for answer in answers:
            sources[answer.exercise].append(answer.source)
        tried = judge.try_answers(steps, sources, SEED)
        ordered = sorted(answers, key=lambda answer: judge.layout.exercises.index(answer.exercise))
        for answer, verdicts in zip(ordered, tried, strict=True):
            pattern = signature([asdict(v) for v in verdicts])
            if pattern:
                found[answer.exercise].append([pattern, answer.says])
    finally:
        judge.close()
    return dict(found)
