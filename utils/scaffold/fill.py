"""Templates with words in double braces, and the files that are made from them."""

import re
from importlib.resources import files
from pathlib import Path

from utils.errors import FrugalError
from utils.files import write_atomic

TEMPLATES = files(__package__) / "template"
STEM = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def filled(name: str, words: dict[str, str]) -> str:
    """The text of a template, each ``{{word}}`` replaced.

    Parameters
    ----------
    name : str
        Kind and file, such as ``widget/test.py``.
    words : dict
        What stands for each word.
    """
    text = TEMPLATES.joinpath(name).read_text(encoding="utf-8")
    for word, value in words.items():
        text = text.replace("{{" + word + "}}", value)
    return text


def write_new(texts: dict[Path, str], root: Path) -> list[Path]:
    """Write files that do not exist yet, all or none.

    Raises
    ------
    FrugalError
        when one exists already.
    """
    taken = [path.relative_to(root).as_posix() for path in texts if path.exists()]
    if taken:
        raise FrugalError(f"{taken[0]} exists already: a draft never overwrites anything.")
    for path, text in texts.items():
        write_atomic(path, text)
    return list(texts)


def checked_stem(stem: str) -> str:
    """The stem of a widget, a kernel or a data set.

    Raises
    ------
    FrugalError
        when it is not written in lower-case words joined by underscores.
    """
    if not STEM.fullmatch(stem):
        raise FrugalError(f"'{stem}' is no stem: write lower-case words joined by _, such as noise_schedule.")
    return stem
