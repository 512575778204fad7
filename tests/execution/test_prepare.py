"""Preparations: made by the tagged cells, out of date exactly when what decides them changed."""

import json
import subprocess
import sys

import pytest

from utils.errors import FrugalError
from utils.execution import prepare

SLUG = "16_maestro"
STORE = """
from utils.evidence import prepared
prepared.write("16_maestro", "panel", {"seed": seed}, {}, {"value": 2 * seed}, 1.0)  # prepared="panel"
"""


@pytest.fixture
def chapter(project):
    """A chapter that prepares a panel; returns a function that changes it."""

    def write(store=STORE, other="print('shown')", helper="VALUE = 1\n"):
        project.module("utils/evidence/__init__.py", "")
        project.module("utils/evidence/prepared.py", "")
        project.module("utils/evidence/tuning.py", "")
        project.module("utils/helper.py", helper)
        project.chapter(SLUG, "from utils.helper import VALUE", store, other, parameters="seed = 3")
        path = project.root / "notebooks" / f"{SLUG}.ipynb"
        content = json.loads(path.read_text())
        for cell in content["cells"][2:4]:
            cell["metadata"]["tags"] = ["prepare"]
        path.write_text(json.dumps(content))
        return project.root

    return write


@pytest.fixture
def root(chapter, monkeypatch):
    """A chapter whose helper exists only in the project: the process that runs cells does not import it."""
    made = chapter(helper="VALUE = 1\n")
    monkeypatch.setattr(prepare, "cells", _without_helper(prepare.cells))
    return made


def _without_helper(cells):
    return lambda slug, root: [text for text in cells(slug, root) if "helper" not in text]


def test_the_tagged_cells_write_what_they_compute_and_then_are_up_to_date(root):
    assert prepare.names(SLUG, root) == ["panel"]
    assert prepare.stale(SLUG, root) == ["16_panel.json is not there"]
    assert prepare.run(SLUG, root=root)
    kept = json.loads((root / "results" / "prepared" / "16_panel.json").read_text())
    assert kept["judge"] == {"value": 6}
    assert kept["fingerprint"] == prepare.fingerprint(SLUG, root)
    assert kept["provenance"]["cpu"]
    assert not prepare.run(SLUG, root=root)
    assert prepare.run(SLUG, force=True, root=root)


@pytest.mark.parametrize(
    "change, differs",
    [
        ({"store": STORE.replace("2 * seed", "3 * seed")}, True),
        ({"helper": "VALUE = 2\n"}, True),
        ({"store": STORE + "# a comment\n"}, False),
        ({"helper": "VALUE = 1  # a comment\n"}, False),
        ({"other": "print('other')"}, False),
    ],
)
def test_what_decides_the_values_is_in_the_fingerprint_and_nothing_else(chapter, change, differs):
    before = prepare.fingerprint(SLUG, chapter())
    assert (prepare.fingerprint(SLUG, chapter(**change)) != before) == differs


def test_modules_that_show_or_judge_are_not_in_the_fingerprint(chapter, project):
    root = chapter(store=STORE.replace("import prepared", "import prepared, judging"))
    project.module("utils/evidence/judging.py", "WORD = 'supported'\n")
    before = prepare.fingerprint(SLUG, root)
    project.module("utils/evidence/judging.py", "WORD = 'undecided'\n")
    assert prepare.fingerprint(SLUG, root) == before
    project.module("utils/evidence/tuning.py", "FIRST = 1\n")
    assert prepare.fingerprint(SLUG, root) != before


def test_a_preparation_older_than_its_cells_is_stale(root, chapter):
    prepare.run(SLUG, root=root)
    chapter(store=STORE.replace("2 * seed", "3 * seed"))
    (said,) = prepare.stale(SLUG, root)
    assert said.startswith("16_panel.json is older than")


def test_a_cell_that_fails_leaves_what_was_stored(root, chapter):
    prepare.run(SLUG, root=root)
    path = root / "results" / "prepared" / "16_panel.json"
    before = path.read_text()
    chapter(store='1 / 0  # prepared="panel"')
    with pytest.raises(FrugalError, match="what was stored before stays"):
        prepare.run(SLUG, root=root)
    assert path.read_text() == before


def test_a_chapter_that_prepares_nothing_says_so(project):
    project.chapter(SLUG, "x = 1")
    with pytest.raises(FrugalError, match="prepares nothing: tag the cells"):
        prepare.run(SLUG, root=project.root)


def test_a_preparation_of_a_changed_checkout_is_stale(root):
    prepare.run(SLUG, root=root)
    path = root / "results" / "prepared" / "16_panel.json"
    content = json.loads(path.read_text())
    content["provenance"]["dirty"] = True
    path.write_text(json.dumps(content))
    assert prepare.stale(SLUG, root) == ["16_panel.json was made in a changed checkout: commit first"]


def test_cells_share_a_namespace_and_the_first_error_ends_them():
    def run(*cells):
        command = [sys.executable, "-m", "utils.execution.prepare_cells"]
        return subprocess.run(command, input=json.dumps(cells), capture_output=True, text=True, timeout=120)

    assert run("x = 1", "%time y = x", "print(x + y)").stdout.splitlines()[-2] == "2"
    failed = run("x = 1", "x / 0", "print('late')")
    assert failed.returncode == 1
    assert "cell 2 of 3 failed" in failed.stderr
    assert "late" not in failed.stdout
