"""Otter's run on a half wrong notebook gives the marks that the notebook shows, in one kernel."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import nbformat

from utils.labs.answers import read_answers
from utils.labs.build import OUT, build
from utils.labs.master import Lab, Question, master_path, read, without_markers
from utils.labs.proof import Report
from utils.paths import LABS
from utils.threads import ONE_THREAD

Marks = dict[str, list[float]]  # points and possible points by exercise
SECONDS = 600  # by the clock, on a crowded machine
# First cell of the notebook: each check runs as Otter's, then as the one that a student sees.
BOTH = """
from otter.execute import Checker
from utils.labs.desk import Desk

def _both(desk, question, graded=Desk.check):
    graded(desk, question)
    Checker.disable_tracking()
    desk._check(question, globals())
    Checker.enable_tracking()

Desk.check = _both
"""
GRADE = """
import json, sys
from otter.run import main

results = main(sys.argv[1], autograder=sys.argv[2], output_dir=None, no_logo=True).results
print("MARKS" + json.dumps({name: [file.score, file.possible] for name, file in results.items()}))
"""


def report(slug: str, folder: Path = LABS, out: Path = OUT) -> Iterator[Report]:
    """The marks of a lab's solution in which every second exercise is answered wrongly.

    That the solution has full marks, and the untouched notebook none, is shown by :mod:`utils.labs.proof`.
    """
    lab, files = read(master_path(slug, folder)), build(slug, folder=folder, out=out)
    notebook = nbformat.read(files["solution"], as_version=4)
    wrong = {answer.exercise: answer for answer in read_answers(lab, folder) if answer.kind == "wrong"}
    spoiled = [question for question in lab.graded[::2] if question.name in wrong]
    for question in spoiled:
        _answer(notebook, question, wrong[question.name].source)
    try:
        marks = run(slug, notebook, files["autograder"])
    except (subprocess.SubprocessError, ValueError, KeyError, OSError) as error:
        said = getattr(error, "stderr", None) or str(error)
        problems = [f"Otter's run fails: {said.strip()[-500:]}"]
    else:
        problems = differences(lab, *marks, {question.name for question in spoiled})
    yield Report("marks", f"Otter's and the notebook's, {len(spoiled)} of {len(lab.graded)} wrong", problems)


def run(slug: str, notebook: nbformat.NotebookNode, archive: Path) -> tuple[Marks, Marks]:
    """The marks of a notebook by Otter's run on the archive, and those that it shows meanwhile."""
    notebook.cells.insert(0, nbformat.v4.new_code_cell(BOTH))
    with tempfile.TemporaryDirectory() as scratch:
        submission, kept = Path(scratch, f"{slug}.ipynb"), Path(scratch, "progress.json")
        nbformat.write(notebook, submission)
        own = {"FRUGAL_PROGRESS": str(kept), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
        command = [sys.executable, "-c", GRADE, str(submission), str(archive)]
        options = {"cwd": scratch, "capture_output": True, "text": True, "timeout": SECONDS, "check": True}
        done = subprocess.run(command, env=os.environ | ONE_THREAD | own, **options)
        shown = json.loads(kept.read_text())[slug]["exercises"] if kept.is_file() else {}
    graded = json.loads(done.stdout.partition("MARKS")[2].partition("\n")[0])
    return graded, {name: [entry["points"], entry["possible"]] for name, entry in shown.items()}


def differences(lab: Lab, graded: Marks, shown: Marks, spoiled: set[str]) -> list[str]:
    """What is wrong with the marks, a sentence for each exercise."""
    found = []
    for question in lab.graded:
        name, marks = question.name, graded.get(question.name)
        if marks is None or marks != shown.get(name):
            found.append(f"{name}: Otter gives {marks}, the notebook shows {shown.get(name)}")
        elif marks[1] != question.points:
            found.append(f"{name}: it counts {marks[1]:g} points, the exercise promises {question.points:g}")
        elif name in spoiled and marks[0] >= marks[1]:
            found.append(f"{name}: a wrong answer has full marks")
    return found


def _answer(notebook: nbformat.NotebookNode, question: Question, source: str) -> None:
    """Put ``source`` in the place of the solution."""
    solutions = {without_markers(source) for source in question.sources("solution")}
    first, *rest = (cell for cell in notebook.cells if cell.cell_type == "code" and cell.source in solutions)
    first.source = source
    for cell in rest:
        cell.source = ""
