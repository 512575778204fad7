"""Variants: an exercise that draws its constants and shapes from a number, other numbers for each student.

The set-up cell of a lab says ``VARIANT = 0``: the book's own variant. A course replaces this line
(:func:`with_variant`) by each student's number (:func:`variant_of`), the same whenever it is asked for: when
it hands out, grades and grades again. A given cell of the exercise draws from it by a function of
:mod:`utils.labs.draws`, for instance ``W = ternary_matrix(VARIANT)``. The checks do the same: they take
``VARIANT`` as an argument. A grader therefore

- runs the given cells of the master after ``with_variant(master, number)``, not the student's;
- gives the checks this ``VARIANT`` itself, so that a changed line in a notebook changes no mark;
- tells a student whose notebook names another number (:func:`variant_in`).
"""

import copy
import hashlib
import hmac
import random
import re
import unicodedata
from typing import Any

from utils.errors import FrugalError

NAME = "VARIANT"
LINE = re.compile(rf"^{NAME} = (\d+)", re.MULTILINE)
BOOK = 0  # the variant of the book itself, which no student gets
LARGEST = 999_999_999


def variant_of(secret: str, student: str) -> int:
    """The variant of a student, 1 to 999,999,999.

    Parameters
    ----------
    secret
        The course's own words. Who does not know them cannot tell whose variant a number is.
    student
        What identifies the student everywhere (number, login, address); case and blanks around do not count.
    """
    name = unicodedata.normalize("NFKC", student).strip().casefold()
    digest = hmac.new(secret.encode(), name.encode(), hashlib.sha256).digest()
    return 1 + int.from_bytes(digest[:8], "big") % LARGEST


def draw(variant: int, exercise: str) -> random.Random:
    """The random numbers of one exercise in one variant, the same on every machine."""
    return random.Random(f"{variant} {exercise}")


def variant_in(notebook: dict[str, Any]) -> int | None:
    """The variant that a notebook's set-up cell names, or None where the line is missing.

    Parameters
    ----------
    notebook
        The notebook as JSON (or as a ``NotebookNode``).
    """
    found = [LINE.search(_source(cell)) for cell in _code(notebook)]
    return next((int(match.group(1)) for match in found if match), None)


def with_variant(notebook: dict[str, Any], variant: int) -> dict[str, Any]:
    """A copy of a notebook (student's version or master) with another variant; its other lines stay.

    Raises
    ------
    FrugalError
        when no cell names a variant.
    """
    if variant_in(notebook) is None:
        raise FrugalError(f"the notebook has no line '{NAME} = 0', so it has no variants; use it as it is.")
    changed = copy.deepcopy(notebook)
    for cell in _code(changed):
        if LINE.search(_source(cell)):
            text = LINE.sub(f"{NAME} = {variant}", _source(cell), count=1)
            cell["source"] = text if isinstance(cell["source"], str) else text.splitlines(keepends=True)
            break
    return changed


def _code(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def _source(cell: dict[str, Any]) -> str:
    """A cell's text, which the file holds as one string or as a list of lines."""
    return "".join(cell["source"])
