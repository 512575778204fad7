"""The lecturers' guide: a syllabus that keeps the prerequisites, and commands that exist."""

import re

from click.testing import CliRunner

from utils import chapters
from utils.cli import frugal
from utils.paths import BOOK, ROOT

PAGE = (BOOK / "lecturers.md").read_text(encoding="utf-8")
PLAN = {int(chapter.number): chapter for chapter in chapters.load().chapters}
PROJECTS = {8, 9, 29, 30}


def weeks() -> list[tuple[list[int], set[int]]]:
    """Chapters of each week in order, and the chapters that the last column names."""
    rows = [row.split("|")[1:-1] for row in PAGE.splitlines() if re.match(r"\| \d+ \|", row)]
    return [
        ([int(n) for n in row[2].split(",")], {int(n) for n in re.findall(r"\d+", row[5])}) for row in rows
    ]


def test_every_chapter_has_a_week_or_is_a_project():
    taught = [number for chapters, _ in weeks() for number in chapters]
    assert len(weeks()) == 12
    assert sorted([*taught, *PROJECTS]) == sorted(PLAN)


def test_prerequisites_come_first_and_are_named():
    before: set[int] = set()
    for taught, named in weeks():
        needed = {p for number in taught for p in PLAN[number].needs} - set(taught)
        assert named == needed
        for number in taught:
            assert set(PLAN[number].needs) <= before, f"chapter {number} comes too early"
            before.add(number)


def help_of(*words: str) -> str:
    done = CliRunner().invoke(frugal, [*words, "--help"])
    assert done.exit_code == 0, words
    return done.output


def test_every_command_of_the_guide_exists():
    groups = set(re.findall(r"frugal (labs \w+|grade|handout|site|slides)", PAGE))
    assert groups == {"labs build", "labs check", "labs mutate", "grade", "handout", "site", "slides"}
    for words in groups:
        help_of(*words.split())


def test_every_option_of_the_guide_exists():
    text = help_of("grade") + help_of("handout") + help_of("site")
    options = set(re.findall(r"`?(--[a-z]+)", PAGE))
    assert options >= {
        "--out",
        "--workers",
        "--time",
        "--memory",
        "--unsafe",
        "--roster",
        "--variants",
        "--secret",
    }
    assert all(option in text for option in options)


def test_every_result_that_the_guide_promises_is_written():
    made = (ROOT / "utils/grading/grade.py").read_text() + (ROOT / "utils/grading/report.py").read_text()
    for name in ("grades.csv", "class.html", "written.html", "log.jsonl", "secret.txt", "feedback"):
        assert f"`{name}" in PAGE
        assert f'"{name}"' in made
