"""Every written lab: its checks are proved, and the grader gives the marks that the notebook shows."""

import json
import os
import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient

from utils.chapters import written
from utils.labs.answers import read_answers
from utils.labs.build import build
from utils.labs.master import master_path, read
from utils.paths import ROOT

SLUGS = [chapter.slug for chapter in written()]
GRADE = """
import sys
from otter.run import main
results = main(sys.argv[1], autograder=sys.argv[2], output_dir=None, no_logo=True)
import json
marks = {name: [file.score, file.possible] for name, file in results.results.items()}
print("MARKS" + json.dumps(marks))
"""


def environment(tmp_path, **more: str) -> dict[str, str]:
    return os.environ | {"OMP_NUM_THREADS": "2", "FRUGAL_PROGRESS": str(tmp_path / "progress.json")} | more


def shown(notebook: nbformat.NotebookNode, slug: str, tmp_path, monkeypatch) -> dict[str, list[float]]:
    """Points and possible points of each exercise that ``grader.check`` shows while the notebook runs."""
    (tmp_path / "work").mkdir(exist_ok=True)
    nbformat.write(notebook, tmp_path / "work" / f"{slug}.ipynb")
    monkeypatch.setenv("FRUGAL_PROGRESS", str(tmp_path / "progress.json"))
    resources = {"metadata": {"path": str(tmp_path / "work")}}
    NotebookClient(
        notebook, timeout=300, kernel_name="python3", allow_errors=True, resources=resources
    ).execute()
    exercises = json.loads((tmp_path / "progress.json").read_text())[slug]["exercises"]
    return {name: [entry["points"], entry["possible"]] for name, entry in exercises.items()}


def graded(notebook: nbformat.NotebookNode, archive, tmp_path) -> dict[str, list[float]]:
    """The same from Otter's run on the autograder archive."""
    nbformat.write(notebook, tmp_path / "submission.ipynb")
    command = [sys.executable, "-c", GRADE, str(tmp_path / "submission.ipynb"), str(archive)]
    environ = environment(tmp_path, PATH=f"{os.path.dirname(sys.executable)}:{os.environ['PATH']}")
    done = subprocess.run(command, env=environ, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.partition("MARKS")[2].splitlines()[0])


def with_wrong_answers(solution: nbformat.NotebookNode, slug: str) -> tuple[nbformat.NotebookNode, set[str]]:
    """The solution with every second exercise answered wrongly, and the names of those exercises."""
    lab, spoiled = read(master_path(slug)), set()
    wrong = {answer.exercise: answer for answer in read_answers(lab) if answer.kind == "wrong"}
    for question in lab.graded[::2]:
        first, *rest = (cell for cell in solution.cells if _solves(cell, question))
        first.source = wrong[question.name].source
        for cell in rest:
            cell.source = ""
        spoiled.add(question.name)
    return solution, spoiled


def _solves(cell: nbformat.NotebookNode, question) -> bool:
    from utils.labs.master import without_markers

    solutions = {without_markers(source) for source in question.sources("solution")}
    return cell.cell_type == "code" and cell.source in solutions


@pytest.mark.parametrize("slug", SLUGS)
def test_checks_are_proved(slug, tmp_path):
    """Proved now, or proved when everything that the proof depends on was the same (labs/proofs)."""
    options = ["--no-record", *(["--anew"] if os.environ.get("FRUGAL_PROVE_ANEW") else [])]
    command = [sys.executable, "-c", "from utils.cli import main; main()", "labs", "check", slug, *options]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True, timeout=900
    )
    assert done.returncode == 0, done.stdout + done.stderr
    written = sum(len(question.sources("tests")) for question in read(master_path(slug)).graded)
    assert (
        f"{slug} is proved already" in done.stdout
        or f"untouched    ran {written} of {written} checks, {written} failed" in done.stdout
    )


@pytest.mark.parametrize("slug", SLUGS)
def test_the_grader_gives_the_marks_that_the_notebook_shows(slug, tmp_path, monkeypatch):
    """One kernel, one Otter run: the proof has shown full marks for the solution, none for the stubs."""
    files = build(slug)
    notebook, spoiled = with_wrong_answers(nbformat.read(files["solution"], as_version=4), slug)
    by_grader = graded(notebook, files["autograder"], tmp_path)
    assert by_grader == shown(notebook, slug, tmp_path, monkeypatch)
    points = {question.name: question.points for question in read(master_path(slug)).graded}
    assert {name: possible for name, (_, possible) in by_grader.items()} == points
    assert {name for name, (points, possible) in by_grader.items() if points < possible} >= spoiled
