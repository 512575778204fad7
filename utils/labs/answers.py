"""The answers kept beside a lab: wrong ones that students really give, and right ones written differently.

``labs/answers/<slug>.yml`` maps each exercise to answers of three kinds, each with a sentence ``says``:

- ``wrong``, by name: a misconception, with words of the ``message`` that must reject it;
- ``right``, by name: must be accepted;
- ``equivalent``, a list: small changes of the solution that no check can notice, because they are no error.

An answer is a list ``replace`` of pairs (text of the solution, text in its place), or written as ``code``.
"""

from dataclasses import dataclass
from pathlib import Path

import yaml

from utils.errors import FrugalError
from utils.labs.master import Lab
from utils.paths import LABS

KINDS = ("wrong", "right", "equivalent")


@dataclass(frozen=True)
class Answer:
    """One kept answer to one exercise.

    Attributes
    ----------
    exercise, name
        Where it belongs, and its name there (empty for an equivalent).
    kind
        ``"wrong"``, ``"right"`` or ``"equivalent"``.
    says
        The misconception, or how the answer differs, as one sentence.
    message
        Words that the message of a failed check must contain; empty unless wrong.
    source
        The code that takes the place of the solution's.
    """

    exercise: str
    name: str
    kind: str
    says: str
    message: str
    source: str


class _Once(yaml.SafeLoader):
    """Refuses a key that stands twice, of which YAML would keep the last without a word."""

    def construct_mapping(self, node, deep=False):
        keys = [self.construct_object(key) for key, _ in node.value]
        if twice := next((key for key in keys if keys.count(key) > 1), None):
            raise yaml.YAMLError(f"'{twice}' stands twice{node.start_mark}")
        return super().construct_mapping(node, deep)


def answers_path(slug: str, folder: Path = LABS) -> Path:
    """The file with the answers to a lab whose master lies in ``folder``."""
    return folder / "answers" / f"{slug}.yml"


def read_answers(lab: Lab, folder: Path = LABS) -> list[Answer]:
    """All answers kept for a lab, in the order of its file; none where the file is missing.

    Raises
    ------
    FrugalError
        when the file is not as this module says, names an exercise that the lab does not have, or replaces
        text that is not in the solution (any more), or is there more than once.
    """
    path = answers_path(lab.slug, folder)
    try:
        content = (yaml.load(path.read_text(encoding="utf-8"), _Once) or {}) if path.is_file() else {}
        return [
            _answer(lab, exercise, kind, name, entry)
            for exercise, kinds in content.items()
            for kind, entries in kinds.items()
            for name, entry in (entries.items() if kind != "equivalent" else (("", one) for one in entries))
        ]
    except (FrugalError, yaml.YAMLError, AttributeError, TypeError) as error:
        raise FrugalError(f"{path}: {error}") from error


def _answer(lab: Lab, exercise: str, kind: str, name: str, entry: dict) -> Answer:
    place = f"{exercise}, {kind} {name}".strip()
    words = [entry.get("says"), entry.get("message", "" if kind != "wrong" else None)]
    bodies = entry.keys() & {"code", "replace"}
    unknown = entry.keys() - {"says", "message", "code", "replace"}
    if kind not in KINDS or unknown or len(bodies) != 1 or not all(isinstance(word, str) for word in words):
        raise FrugalError(
            f"{place}: give it a sentence `says`, `code` or `replace`, and a wrong one its `message`;"
            f" the kinds are {', '.join(KINDS)}."
        )
    solution = lab.question(exercise).solution()
    source = entry["code"] if "code" in bodies else _replaced(solution, entry["replace"], place)
    return Answer(exercise, name, kind, *words, source)


def _replaced(source: str, pairs: list[list[str]], place: str) -> str:
    """``source`` with each pair's first text, which must stand there once, replaced by its second."""
    for old, new in pairs:
        if (times := source.count(old)) != 1:
            raise FrugalError(
                f"{place}: the text to replace must stand in the solution once, not {times} times: {old!r}"
            )
        source = source.replace(old, new)
    return source
