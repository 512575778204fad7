"""Marks in the form that the course system imports."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from utils.errors import FrugalError

Row = dict[str, Any]  # a record of the log, see utils.grading.grade


def grades(rows: list[Row], lab: str, possible: float, roster: Path | None = None) -> str:
    """The table to import, as CSV.

    Parameters
    ----------
    roster
        The system's own export (Canvas gradebook, Moodle worksheet); its rows and columns are kept, and the
        mark is filled in where the student is found.
    """
    system = next((str(row["system"]) for row in rows), "folder")
    rows = [{**row, "mark": f"{row['mark']:g}"} for row in rows]
    header, lines = FORMS[system](rows, lab, possible)
    if roster:
        header, lines = _filled(roster, system, rows, lab, possible)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([[_harmless(value) for value in line] for line in lines])
    return text.getvalue()


def _canvas(rows: list[Row], lab: str, possible: float) -> tuple[list, list]:
    lines = [[row["name"], row["key"], "", "", "", row["mark"]] for row in rows]
    header = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", lab]
    return header, [["    Points Possible", "", "", "", "", possible], *lines]


def _moodle(rows: list[Row], lab: str, possible: float) -> tuple[list, list]:
    header = [
        "Identifier",
        "Full name",
        "Grade",
        "Maximum Grade",
        "Last modified (grade)",
        "Feedback comments",
    ]
    lines = [[f"Participant {r['key']}", r["name"], r["mark"], possible, "-", r["summary"]] for r in rows]
    return header, lines


def _gradescope(rows: list[Row], lab: str, possible: float) -> tuple[list, list]:
    header = ["Name", "SID", "Email", "Total Score", "Max Points", "Submission ID"]
    return header, [
        [r["name"], r["key"], r["email"], r["mark"], possible, r["folder"].removeprefix("submission_")]
        for r in rows
    ]


def _plain(rows: list[Row], lab: str, possible: float) -> tuple[list, list]:
    order = [verdict["exercise"] for row in rows for verdict in row["verdicts"]]
    exercises = list(dict.fromkeys([*order, *(name for row in rows for name in row["points"])]))
    header = ["student", "mark", "possible", *exercises, "remark"]
    return header, [
        [r["name"], r["mark"], possible, *(f"{r['points'].get(n, 0):g}" for n in exercises), r["summary"]]
        for r in rows
    ]


FORMS: dict[str, Callable] = {
    "canvas": _canvas,
    "moodle": _moodle,
    "gradescope": _gradescope,
    "folder": _plain,
}


def _filled(roster: Path, system: str, rows: list[Row], lab: str, possible: float) -> tuple[list, list]:
    """The system's own table with the marks filled in."""
    try:
        with roster.open(encoding="utf-8-sig", newline="") as file:
            header, *lines = list(csv.reader(file))
    except (OSError, ValueError) as error:
        raise FrugalError(f"{roster} cannot be read ({error}); export it again as CSV.") from None
    marks = {str(row["key"]): row["mark"] for row in rows}
    names = {"canvas": "ID", "moodle": "Identifier", "gradescope": "SID", "folder": "student"}
    column = next((i for i, title in enumerate(header) if title == names[system]), None)
    target = next((i for i, title in enumerate(header) if title == "Grade" or title.startswith(lab)), None)
    if column is None or target is None:
        raise FrugalError(
            f"{roster} needs the columns '{names[system]}' and 'Grade' or one that begins with '{lab}'."
        )
    for line in lines:
        key = line[column].removeprefix("Participant ").strip()
        if key in marks:
            line[target] = marks[key]
    return header, lines


def _harmless(value: object) -> object:
    """No text that a spreadsheet would take for a formula: a student chooses the file's name."""
    formula = isinstance(value, str) and len(value) > 1 and value[0] in "=+-@\t\r"
    return f"'{value}" if formula else value
