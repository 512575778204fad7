"""Why a class failed: kept wrong answers leave patterns of failed checks, and so do students' answers."""

import re
from collections import defaultdict
from dataclasses import dataclass, field

EXAMPLES = 3
UNTOUCHED = "Left as it was handed out."
FOLLOWS = "May follow from the answer to {}, which it uses."
Signature = tuple[tuple[str, str], ...]  # failed checks with the shape of their messages


@dataclass
class Group:
    """Students of one exercise whose answers fail for the same reason.

    ``says`` is the misconception that leaves their pattern of failed checks (several, where they cannot be
    told apart), or another reason; a group without one is a candidate for a new kept answer.
    """

    exercise: str
    checks: list[str]
    says: list[str]
    message: str
    keys: list[str] = field(default_factory=list)
    examples: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Known:
    """What is known of a lab.

    Attributes
    ----------
    patterns
        By exercise: the pattern that each kept wrong answer leaves, and what it gets wrong.
    stubs
        By exercise: what the student finds in place of the solution.
    names
        By exercise, in order: what its solution defines.
    wanted
        By exercise and check: the names that the check takes.
    """

    patterns: dict[str, list[tuple[Signature, str]]]
    stubs: dict[str, str]
    names: dict[str, set[str]]
    wanted: dict[tuple[str, str], set[str]]


def signature(verdicts: list[dict]) -> Signature:
    """Which checks of an exercise failed, and how, without the numbers in the messages."""
    return tuple(sorted((v["check"], _shape(v["message"])) for v in verdicts if not v["passed"]))


def explain(rows: list[dict], known: Known) -> list[Group]:
    """The failing students in groups, the largest first."""
    groups: dict[tuple, Group] = {}
    for row in rows:
        exercises = by_exercise(row["verdicts"])
        for exercise, verdicts in exercises.items():
            failed = [v for v in verdicts if not v["passed"]]
            if not failed or not row["sources"].get(exercise):
                continue
            says = reasons(exercise, row["sources"][exercise], exercises, known)
            key = (exercise, tuple(says) or signature(failed))
            checks = [v["check"] for v in failed]
            group = groups.setdefault(key, Group(exercise, checks, says, failed[0]["message"]))
            group.keys.append(row["key"])
            source = row["sources"][exercise]
            if len(group.examples) < EXAMPLES and source not in group.examples:
                group.examples.append(source)
    return sorted(groups.values(), key=lambda g: (-len(g.keys), g.exercise, g.checks))


def reasons(exercise: str, source: str, exercises: dict[str, list[dict]], known: Known) -> list[str]:
    """Why an answer fails, as far as that is known."""
    if squash(source) == squash(known.stubs.get(exercise, "")):
        return [UNTOUCHED]
    failed = [v for v in exercises[exercise] if not v["passed"]]
    used = set(re.findall(r"\w+", source)).union(
        *(known.wanted.get((exercise, v["check"]), set()) for v in failed)
    )
    for earlier in exercises:
        if earlier == exercise:
            break
        wrong = not all(v["passed"] for v in exercises[earlier])
        if wrong and used & known.names.get(earlier, set()) - known.names.get(exercise, set()):
            return [FOLLOWS.format(earlier)]
    return _misconceptions(signature(failed), known.patterns.get(exercise, []))


def by_exercise(verdicts: list[dict]) -> dict[str, list[dict]]:
    """The verdicts of each exercise, in order."""
    found: dict[str, list[dict]] = defaultdict(list)
    for verdict in verdicts:
        found[verdict["exercise"]].append(verdict)
    return dict(found)


def squash(source: str) -> str:
    """A text without blanks, comments and marks between cells."""
    return re.sub(r"#.*|\s+", "", source)


def _misconceptions(pattern: Signature, kept: list[tuple[Signature, str]]) -> list[str]:
    """Those with this pattern.

    Exactly, or else the only one that fails the same checks and says the same in one of them.
    """
    if exact := [says for known, says in kept if known == pattern]:
        return exact
    checks = [name for name, _ in pattern]
    alike = [s for known, s in kept if [name for name, _ in known] == checks and set(known) & set(pattern)]
    return alike if len(alike) == 1 else []


def _shape(message: str) -> str:
    return re.sub(r"[-+]?\d[\d.,_e+-]*", "#", message)[:200]
