"""The answers kept beside a lab: wrong ones that students really give, and right ones written differently."""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

from utils.errors import FrugalError

MESSAGE = re.compile(r"^Message: (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Answer:
    """One file of ``labs/answers/<slug>/<exercise>/``.

    Its docstring says what it gets wrong (or how it differs), and for a wrong answer ends with a line
    ``Message: some words``, which the message of a failed check must contain.
    """

    name: str
    right: bool
    cause: str
    message: str
    source: str


def read_answers(folder: Path) -> list[Answer]:
    """The answers to one exercise, in order of their names; none where the folder is missing.

    Raises
    ------
    FrugalError
        when a file is named otherwise than wrong_*.py or right_*.py, or lacks its docstring.
    """
    return [_read(path) for path in sorted(folder.glob("*.py"))]


def _read(path: Path) -> Answer:
    kind = path.stem.partition("_")[0]
    source = path.read_text(encoding="utf-8")
    text = ast.get_docstring(ast.parse(source)) or ""
    message = MESSAGE.search(text)
    if kind not in ("wrong", "right") or not text or (kind == "wrong" and not message):
        raise FrugalError(
            f"{path}: name it wrong_*.py or right_*.py, say the cause in its docstring, and end that of a"
            " wrong answer with 'Message: words of the check's message'."
        )
    return Answer(path.stem, kind == "right", text, message.group(1) if message else "", source)
