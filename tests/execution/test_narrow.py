"""Recorded results know their notebook: what makes its numbers, and nothing else, makes them older."""

import json

import pytest

from utils.execution.narrow import age_text, narrow


@pytest.fixture
def book(project):
    for name in ("numbers", "figures", "widgets/slider"):
        project.module(f"utils/{name}.py", "x = 1")
    project.chapter("01_one", "import utils.numbers, utils.figures, utils.widgets.slider")
    return project


def age(book, version) -> str:
    return age_text({"chapter": "01_one", "notebook": version}, book.root)


@pytest.mark.parametrize(
    "path, older",
    [
        ("utils/numbers.py", True),
        ("utils/figures.py", False),
        ("utils/widgets/slider.py", False),
        ("requirements.txt", False),
    ],
)
def test_what_makes_a_record_older(book, path, older):
    version = narrow(book.task("01_one").inputs)
    assert age(book, version) == ""
    book.module(path, "x = 2")
    assert (age(book, version) == "The notebook has changed since: this run is older.") == older


def test_parameters_do_not(book):
    assert narrow(book.task("01_one").inputs) == narrow(book.task("01_one", extra={"seed": 7}).inputs)


def test_a_record_that_does_not_say(book):
    assert age(book, None) == "It does not say which version of the notebook it measured."


def test_the_kernel_is_told(job):
    from dataclasses import replace

    from utils.execution.notebook import execute

    outcome = execute(replace(job("import os; print(os.environ['FRUGAL_FINGERPRINT'])"), fingerprint="abc"))
    assert json.loads(outcome.notebook)["cells"][-1]["outputs"][0]["text"] == ["abc\n"]
