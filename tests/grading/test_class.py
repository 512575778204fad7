"""A class from a folder to its tables and pages: interrupted, in any order, and graded again."""

import csv
import functools
import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner

from tests.grading.conftest import SLUG, SOLUTIONS, notebook
from utils.grading import grade, labfiles, spread
from utils.paths import ROOT

MISTAKE = "def triple(x):\n    return x * x"
ANSWERS = """
triple:
  wrong:
    square:
      says: Takes the third power's little brother.
      message: three times
      code: |
        def triple(x):
            return x * x
"""
CLASS = {
    "Änne Müller_1": {},
    "Bo Li_2": {"triple": MISTAKE},
    "Cy_3": {"triple": MISTAKE, "double": "def double(x):\n    return x + 2"},
    "Di_4": {"triple": "import os\nos._exit(0)"},
}
DRIVER = """
import sys
from pathlib import Path
from utils.grading import grade, labfiles
labfiles.prepare = lambda slug: (Path(sys.argv[1]), Path(sys.argv[2]))
grade.mark_class(sys.argv[3], Path(sys.argv[4]), Path(sys.argv[5]), grade.Options(secret="s", seconds=5))
"""


@pytest.fixture(scope="session")
def cache(tmp_path_factory) -> Path:
    """Where the patterns of kept answers stay from one test to the next."""
    return tmp_path_factory.mktemp("build")


@pytest.fixture
def prepared(lab, sandbox, monkeypatch, cache):
    """The commands find the lab of the tests."""
    answers = lab["master"].parent / "answers" / f"{SLUG}.yml"
    answers.parent.mkdir(exist_ok=True)
    answers.write_text(ANSWERS)
    monkeypatch.setattr(labfiles, "prepare", lambda slug: (lab["master"], lab["autograder"]))
    monkeypatch.setattr("utils.arguments.slugs", lambda names: [SLUG])
    monkeypatch.setattr("utils.grading.known.BUILD", cache)
    return lab


@pytest.fixture
def submissions(lab, tmp_path) -> Path:
    """Moodle's folders of a small class, one with a damaged file and one without any."""
    for name, answers in CLASS.items():
        folder = tmp_path / "in" / f"{name}_assignsubmission_file_"
        folder.mkdir(parents=True)
        nbformat.write(notebook(lab["student"], **answers), folder / f"{SLUG}.ipynb")
    for name, file in (("Ed_5", "lab.ipynb"), ("Flo_6", "lab.pdf")):
        folder = tmp_path / "in" / f"{name}_assignsubmission_file_"
        folder.mkdir()
        (folder / file).write_text("damaged")
    return tmp_path / "in"


def call(submissions: Path, out: Path, *options: str, **named) -> str:
    from utils.cli.grade import command

    done = CliRunner().invoke(command, ["98", str(submissions), "--out", str(out), *options], **named)
    assert done.exit_code == 0, done.output
    return done.output


def files(out: Path) -> dict[str, bytes]:
    """Everything that must be the same in every run."""
    paths = (path for path in out.rglob("*") if path.is_file() and path.name != "seconds.csv")
    return {str(path.relative_to(out)): path.read_bytes() for path in paths}


def test_a_class_gets_marks_feedback_and_an_explanation(prepared, submissions, tmp_path):
    out = tmp_path / "out"
    call(submissions, out, "--secret", "s", "--time", "5")
    table = {row["Identifier"]: row for row in csv.DictReader((out / "grades.csv").open(encoding="utf-8"))}
    marks = {key.split()[1]: float(row["Grade"]) for key, row in table.items()}
    assert marks == {"1": 20, "2": 10, "3": 5, "4": 10, "5": 0, "6": 0}
    assert "not a notebook" in table["Participant 5"]["Feedback comments"]
    assert "no notebook" in table["Participant 6"]["Feedback comments"]
    assert table["Participant 1"]["Full name"] == "Änne Müller"
    page = (out / "feedback/2.html").read_text(encoding="utf-8")
    assert "Takes the third power&#39;s little brother." in page
    assert "ended its own process" in (out / "feedback/4.html").read_text(encoding="utf-8")
    report = (out / "class.html").read_text(encoding="utf-8")
    assert "2 of 6, triple" in report
    assert "a candidate for a new one" in report  # x + 2 is no kept answer
    assert [json.loads(line)["key"] for line in (out / "log.jsonl").open()] == list("123456")


def test_an_interrupted_run_goes_on_and_the_order_changes_nothing(
    prepared, submissions, tmp_path, monkeypatch
):
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    call(submissions, whole, "--secret", "s", "--time", "5")
    driver = [sys.executable, "-c", DRIVER, *map(str, (prepared["master"], prepared["autograder"], SLUG))]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([*driver, str(submissions), str(parts)], env=env, start_new_session=True)
    until = time.monotonic() + 200
    while not list(parts.glob("pending/*.json")) and time.monotonic() < until and process.poll() is None:
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    done = {path.stem for path in parts.glob("pending/*.json")}
    assert done
    marked = []
    work = spread.work
    monkeypatch.setattr(spread, "work", lambda lab, job: marked.append(job.key) or work(lab, job))
    monkeypatch.setattr(grade, "_missing", functools.partial(backwards, grade._missing))
    call(submissions, parts, "--secret", "s", "--time", "5")
    assert set(marked) == set("12345") - done
    assert files(parts) == files(whole)


def backwards(missing, *arguments):
    return reversed(list(missing(*arguments)))


def test_new_checks_show_each_difference_before_anything_is_written(
    prepared, submissions, tmp_path, monkeypatch
):
    out, easy = tmp_path / "out", tmp_path / "easy.zip"
    call(submissions, out, "--secret", "s", "--time", "5")
    before = (out / "grades.csv").read_bytes()
    easy.write_bytes(without_check(prepared["autograder"]))
    monkeypatch.setattr(labfiles, "prepare", lambda slug: (prepared["master"], easy))
    refused = call(submissions, out, "--secret", "s", "--time", "5", input="n\n")
    assert "Bo Li: 10 -> 14 (triple +4)" in refused
    assert (out / "grades.csv").read_bytes() == before
    call(submissions, out, "--secret", "s", "--time", "5", "--yes")
    assert (out / "grades.csv").read_bytes() != before


def without_check(archive: Path) -> bytes:
    """The autograder with a public check of exercise 1 that accepts everything."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(
                name,
                text.replace(b"close(keeps(triple, x), x", b"close(x + x + x, x")
                if "triple" in name
                else text,
            )
    return buffer.getvalue()


def test_a_machine_without_a_sandbox_refuses_and_names_the_container(
    prepared, submissions, tmp_path, monkeypatch
):
    from utils.errors import FrugalError
    from utils.grading.sandbox import command

    monkeypatch.setattr("utils.grading.sandbox.shutil.which", lambda name: None)
    with pytest.raises(FrugalError, match=r"\.ci/Dockerfile\.grade.*--unsafe"):
        command(["x"], unsafe=False)
    assert "bwrap" not in command(["x"], unsafe=True)[0]


def test_every_right_answer_is_still_right(hand_in):
    from tests.grading.conftest import POINTS, points

    assert (
        points(hand_in(**{name: code.replace("  # SOLUTION", "") for name, code in SOLUTIONS.items()}))
        == POINTS
    )
