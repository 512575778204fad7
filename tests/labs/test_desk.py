"""The student's side of a lab: the right checks for the notebook that runs, and an answer whatever happens."""

import json
import os
import subprocess
import sys

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from utils.labs import progress, running
from utils.labs.desk import Desk
from utils.labs.running import checks_for

SLUG = "98_lab"
TEST = '''OK_FORMAT = False
from otter.test_files import test_case

@test_case(points=1)
def test_answer(env):
    assert env["answer"] == {right}, "look again"
'''


def lab(right: int, question: str = "q1") -> dict:
    """A student's lab whose check accepts the answer ``right``."""
    tests = {question: {"name": question, "points": None, "suites": []}}
    tests = {question: TEST.format(right=right)}
    return {"otter": {"OK_FORMAT": False, "tests": tests}, "frugal": {"points": {question: 3}}}


def write(path, metadata: dict):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"cells": [], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}))
    return path


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The working folder of a kernel that no editor has told the notebook's name; the book has lab version 7."""
    handed_out = write(tmp_path / "installed" / f"{SLUG}.ipynb", lab(right=7))
    monkeypatch.setattr(running, "STUDENT_LABS", handed_out.parent)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    monkeypatch.setattr(progress.keep, "__defaults__", (tmp_path / "progress.json",))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work"


def shown(answer: int, **names) -> str:
    """What ``grader.check("q1")`` shows in a notebook."""
    shell = InteractiveShell()
    shell.user_ns.update(grader=Desk(SLUG), answer=answer, **names)
    with capture_output() as captured:
        shell.run_cell('grader.check("q1")')
    data = [str(output.data.get("text/markdown") or output.data.get("text/plain")) for output in captured.outputs]
    return "\n".join([captured.stdout, *data])


def test_lab_under_its_own_name(folder):
    write(folder / f"{SLUG}.ipynb", lab(right=1))
    assert "1 of 1 points" in shown(1)
    assert "look again" in shown(2)
    assert "decide 2 more" in shown(1)


@pytest.mark.parametrize("name", [f"{SLUG}.new.ipynb", f"{SLUG}-Copy1.ipynb", "my lab (ä).ipynb"])
@pytest.mark.parametrize("editor", ["JupyterLab", "VS Code"])
def test_checks_are_those_of_the_notebook_that_runs(folder, monkeypatch, name, editor):
    write(folder / f"{SLUG}.ipynb", lab(right=1))
    path = str(write(folder / name, lab(right=2)))
    names = {"__vsc_ipynb_file__": path} if editor == "VS Code" else {}
    if editor == "JupyterLab":
        monkeypatch.setenv("JPY_SESSION_NAME", path)
    assert "1 of 1 points" in shown(2, **names)
    assert "0 of 1 points" in shown(1, **names)


@pytest.mark.parametrize("metadata", [{}, {"otter": {"tests": {}}}, {"otter": None}, {"otter": {"tests": []}}])
def test_stripped_metadata_is_found_again_in_the_book(folder, monkeypatch, metadata):
    monkeypatch.setenv("JPY_SESSION_NAME", str(write(folder / "mine.ipynb", metadata)))
    write(folder / f"{SLUG}.ipynb", lab(right=1))
    assert "1 of 1 points" in shown(7)


def test_renamed_notebook_among_others(folder, monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", str(folder / f"{SLUG}.ipynb"))  # the name before it was renamed
    write(folder / "lab_anna.ipynb", lab(right=5))
    write(folder / "unrelated.ipynb", lab(right=6, question="other"))
    (folder / "broken.ipynb").write_text("{half")
    assert "1 of 1 points" in shown(5)


def test_nothing_beside_it(folder):
    """Colab, or a kernel that works elsewhere."""
    assert "1 of 1 points" in shown(7)


def test_folder_named_tests_is_no_matter(folder):
    (folder / "tests").mkdir()
    (folder / "tests/q1.py").write_text("raise SystemExit")
    (folder / "settings.otter").write_text("{}")
    assert "1 of 1 points" in shown(7)


def test_unknown_exercise_is_a_sentence_that_names_those_there_are(folder, tmp_path):
    shell = InteractiveShell()
    shell.user_ns.update(grader=Desk(SLUG))
    with capture_output() as captured:
        result = shell.run_cell('grader.check("q9")')
    assert result.success
    assert "no exercise 'q9' to check; it has: q1" in captured.outputs[0].data["text/markdown"]


def test_lab_that_is_nowhere_is_a_sentence(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(running, "STUDENT_LABS", tmp_path / "nowhere")
    assert "`make lab`" in shown(1)


@pytest.mark.parametrize(
    "error", [OSError(30, "Read-only file system"), OSError(122, "Disk quota exceeded"), PermissionError(13, "denied")]
)
def test_result_is_shown_although_it_cannot_be_kept(folder, monkeypatch, error):
    def fail(*_):
        raise error

    monkeypatch.setattr(progress, "keep", fail)
    text = shown(7)
    assert text.index("1 of 1 points") < text.index("could not be kept")
    assert error.strerror in text
    assert "FRUGAL_PROGRESS" in text
    assert "Traceback" not in text


def test_result_is_shown_before_it_is_kept(folder, monkeypatch):
    def hang(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(progress, "keep", hang)
    assert "1 of 1 points" in shown(7)


def test_all_exercises_at_once(folder):
    shell = InteractiveShell()
    shell.user_ns.update(grader=Desk(SLUG), answer=7)
    with capture_output() as captured:
        assert shell.run_cell("grader.check_all()").success
    assert "1 of 1 points" in captured.outputs[0].data["text/markdown"]


def test_read_only_workspace_in_a_process_of_its_own(folder, tmp_path):
    """Nothing is replaced here: a folder that is a file, as a read-only disk would be, for a workspace."""
    (tmp_path / "file").write_text("")
    code = f"answer = 7\nfrom utils.labs import running\nfrom pathlib import Path\nrunning.STUDENT_LABS = Path({str(running.STUDENT_LABS)!r})\n"
    code += f"from utils.labs.desk import Desk\nDesk('{SLUG}').check('q1')"
    environment = {**os.environ, "FRUGAL_WORKSPACE": str(tmp_path / "file")}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr


def test_checks_for_takes_the_newest_of_several(folder):
    old, new = write(folder / "a.ipynb", lab(right=1)), write(folder / "b.ipynb", lab(right=2))
    os.utime(old, (1, 1))
    assert checks_for(SLUG, "q1", {}).path == new
