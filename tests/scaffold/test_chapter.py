"""A drafted chapter keeps the house rules, its notebook runs, and the checks of its lab are proved."""

import json
import os
import subprocess
import sys

import pytest
import yaml

from utils.errors import FrugalError
from utils.house_rules.chapter import problems
from utils.labs.proof import open_trials, prove
from utils.paths import ROOT
from utils.scaffold.chapter import draft

SLUG = "02_inception_resnet"


@pytest.fixture
def root(tmp_path):
    """A project that plans chapters and has written none."""
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "map.yml").write_bytes((ROOT / "book" / "map.yml").read_bytes())
    return tmp_path


def test_a_draft_keeps_the_house_rules(root):
    files = draft(SLUG, "Inception", root)
    assert all(path.is_file() for path in files)
    assert problems(SLUG, root) == []
    assert "{{" not in "".join(path.read_text() for path in files)


def test_listed_as_written_a_draft_is_not_enough(root):
    draft(SLUG, "Inception", root)
    book = yaml.safe_load((root / "book" / "map.yml").read_text())
    (entry,) = (entry for entry in book["chapters"] if entry["slug"] == SLUG)
    texts = dict.fromkeys(("authors", "link", "cite", "we_read"), "words")
    entry |= {**texts, "state": "written", "minutes": {"read": 1, "run": 1, "lab": 1}}
    (root / "book" / "map.yml").write_text(yaml.safe_dump(book))
    said = "\n".join(problems(SLUG, root))
    for part in (
        "words; a page has",
        "asks 1 questions",
        "'## Exercise N'",
        "results are missing",
    ):
        assert part in said, part


def test_the_drafted_notebook_runs_and_repeats_its_output(root):
    draft(SLUG, "Inception", root)
    path = root / "notebooks" / f"{SLUG}.ipynb"
    path.write_text(path.read_text().replace('\\"quick\\"', '\\"smoke\\"'))
    options = ["--nbval-lax", "--nbval-current-env", "-p", "no:cacheprovider", "-q", "--rootdir", str(root)]
    own = {"FRUGAL_RESULTS": str(root / "results"), "FRUGAL_CLAIMS": str(root / "book" / "claims")}
    environment = {**os.environ, **own, "CUDA_VISIBLE_DEVICES": ""}
    command = [sys.executable, "-m", "pytest", *options, str(path)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout
    results = json.loads((root / "results" / f"{SLUG}.smoke.json").read_text())
    assert [len(claim["seeds"]) for claim in results["claims"]] == [2, 2]


def test_the_drafted_experiment_finds_what_its_claims_say(root, monkeypatch):
    draft(SLUG, "Inception", root)
    notebook = json.loads((root / "notebooks" / f"{SLUG}.ipynb").read_text())
    monkeypatch.setenv("FRUGAL_RESULTS", str(root / "results"))
    monkeypatch.setenv("FRUGAL_CLAIMS", str(root / "book" / "claims"))
    code = ("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code")
    exec("\n".join(code), {})
    results = json.loads((root / "results" / f"{SLUG}.quick.json").read_text())
    assert [claim["verdict"] for claim in results["claims"]] == ["supported", "supported"]
    assert results["flags"] == ["shuffled chose scale = 0.25, the edge of its grid: widen it."]


def test_the_checks_of_the_drafted_lab_are_proved(root):
    draft(SLUG, "Inception", root)
    labs = root / "labs"
    reports = list(prove(open_trials(SLUG, labs, root / "out"), labs))
    assert [report.problems for report in reports] == [[], []]


@pytest.mark.parametrize(
    "slug, said",
    [("inception", "is no slug"), ("2_inception", "is no slug"), ("02_other", "plans no chapter")],
)
def test_bad_names_are_refused(root, slug, said):
    with pytest.raises(FrugalError, match=said):
        draft(slug, "Title", root)


def test_nothing_is_overwritten(root):
    page = root / "book" / f"{SLUG}.md"
    page.write_text("mine")
    with pytest.raises(FrugalError, match="exists already"):
        draft(SLUG, "Title", root)
    assert page.read_text() == "mine"
    assert not (root / "notebooks").exists()
