"""The student's side of a lab: the checks of the notebook that runs, and an answer whatever happens."""

import json
import os
import subprocess
import sys

import pytest

from utils.labs import desk, progress, running
from utils.labs.desk import Desk
from utils.labs.running import checks_for

SLUG = "98_lab"
TEST = """OK_FORMAT = False

from otter.test_files import test_case

name = "q1"
points = None

@test_case(points=1, hidden=False)
def test_answer(answer):
    assert answer == {right}, "look again"
"""


def lab(right: int, question: str = "q1") -> dict:
    """A student's lab whose check accepts the answer ``right``."""
    tests = {question: TEST.format(right=right)}
    return {"otter": {"OK_FORMAT": False, "tests": tests}, "frugal": {"points": {question: 3}}}


def write(path, metadata: dict):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"cells": [], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}))
    return path


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The folder of a kernel that no editor has told the notebook's name; the book has lab version 7."""
    handed_out = write(tmp_path / "installed" / f"{SLUG}.ipynb", lab(right=7))
    monkeypatch.setattr(running, "STUDENT_LABS", handed_out.parent)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    monkeypatch.setattr(progress.keep, "__defaults__", (tmp_path / "progress.json",))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work"


@pytest.fixture
def shown(monkeypatch):
    """Function that returns what code with ``grader`` shows in a notebook, by default a check of ``q1``."""
    said = []
    monkeypatch.setattr(desk, "display", lambda value: said.append(getattr(value, "data", repr(value))))

    def shown(answer: int, code: str = 'grader.check("q1")', **names) -> str:
        said.clear()
        exec(code, {"grader": Desk(SLUG), "answer": answer, **names})
        return "\n".join(said)

    return shown


def test_lab_under_its_own_name(folder, shown):
    write(folder / f"{SLUG}.ipynb", lab(right=1))
    assert "1 of 1 points" in shown(1)
    assert "look again" in shown(2)
    assert "decide 2 more" in shown(1)


@pytest.mark.parametrize("name", [f"{SLUG}.new.ipynb", f"{SLUG}-Copy1.ipynb", "my lab (ä).ipynb"])
@pytest.mark.parametrize("editor", ["JupyterLab", "VS Code"])
def test_checks_are_those_of_the_notebook_that_runs(folder, shown, monkeypatch, name, editor):
    write(folder / f"{SLUG}.ipynb", lab(right=1))
    path = str(write(folder / name, lab(right=2)))
    names = {"__vsc_ipynb_file__": path} if editor == "VS Code" else {}
    if editor == "JupyterLab":
        monkeypatch.setenv("JPY_SESSION_NAME", path)
    assert "1 of 1 points" in shown(2, **names)
    assert "0 of 1 points" in shown(1, **names)


@pytest.mark.parametrize(
    "metadata", [{}, {"otter": {"tests": {}}}, {"otter": None}, {"otter": {"tests": []}}]
)
def test_stripped_metadata_is_found_again_in_the_book(folder, shown, monkeypatch, metadata):
    monkeypatch.setenv("JPY_SESSION_NAME", str(write(folder / "mine.ipynb", metadata)))
    write(folder / f"{SLUG}.ipynb", lab(right=1))
    assert "1 of 1 points" in shown(7)


def test_renamed_notebook_among_others(folder, shown, monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", str(folder / f"{SLUG}.ipynb"))  # the name before it was renamed
    write(folder / "lab_anna.ipynb", lab(right=5))
    write(folder / "unrelated.ipynb", lab(right=6, question="other"))
    (folder / "broken.ipynb").write_text("{half")
    assert "1 of 1 points" in shown(5)


def test_nothing_beside_it(folder, shown):
    """Colab, or a kernel that works elsewhere."""
    assert "1 of 1 points" in shown(7)


def test_folder_named_tests_is_no_matter(folder, shown):
    (folder / "tests").mkdir()
    (folder / "tests/q1.py").write_text("raise SystemExit")
    (folder / "settings.otter").write_text("{}")
    assert "1 of 1 points" in shown(7)


def test_unknown_exercise_is_a_sentence_that_names_those_there_are(folder, shown):
    assert "no exercise 'q9' to check; it has: q1" in shown(7, 'grader.check("q9")')


def test_lab_that_is_nowhere_is_a_sentence(folder, shown, tmp_path, monkeypatch):
    monkeypatch.setattr(running, "STUDENT_LABS", tmp_path / "nowhere")
    assert "`make lab`" in shown(1)


@pytest.mark.parametrize(
    "error",
    [
        OSError(30, "Read-only file system"),
        OSError(122, "Disk quota exceeded"),
        PermissionError(13, "denied"),
    ],
)
def test_result_is_shown_although_it_cannot_be_kept(folder, shown, monkeypatch, error):
    def fail(*_):
        raise error

    monkeypatch.setattr(progress, "keep", fail)
    text = shown(7)
    assert text.index("1 of 1 points") < text.index("could not be kept")
    assert error.strerror in text
    assert "FRUGAL_PROGRESS" in text


def test_result_is_shown_before_it_is_kept(folder, shown, monkeypatch):
    seen = []
    monkeypatch.setattr(desk, "display", seen.append)
    monkeypatch.setattr(progress, "keep", lambda *_: seen.append("kept"))
    Desk(SLUG)._check("q1", {"answer": 7})
    assert seen.index("kept") == len(seen) - 1 == 2


def test_all_exercises_at_once(folder, shown):
    assert "1 of 1 points" in shown(7, "grader.check_all()")


def test_workspace_that_cannot_be_written_does_not_stop_a_check(folder, tmp_path):
    """In a process of its own, with a file in the place of the workspace's folder."""
    (tmp_path / "file").write_text("")
    code = (
        "from pathlib import Path\nfrom utils.labs import running\nfrom utils.labs.desk import Desk\n"
        f"running.STUDENT_LABS = Path({str(running.STUDENT_LABS)!r})\nanswer = 7\nDesk('{SLUG}').check('q1')"
    )
    environment = {**os.environ, "FRUGAL_WORKSPACE": str(tmp_path / "file")}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_checks_for_takes_the_newest_of_several(folder):
    old, new = write(folder / "a.ipynb", lab(right=1)), write(folder / "b.ipynb", lab(right=2))
    os.utime(old, (1, 1))
    assert checks_for(SLUG, "q1", {}).path == new
