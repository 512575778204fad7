"""A drafted widget, kernel and data set pass the tests that the guide names, in a copy of the project."""

import hashlib
import os
import shutil
import subprocess
import sys

import pytest
from click.testing import CliRunner

from utils.cli.new import command
from utils.errors import FrugalError
from utils.paths import ROOT
from utils.scaffold.parts import FILES, draft, draft_dataset

URL = "https://raw.githubusercontent.com/a/b/0123456789012345678901234567890123456789/toy_lines.txt"
EXAMPLE = '"toy_round": Example(toy_round, {"x": x, "step": 0.5}),\n        "noisy_sgd"'
TESTS = {"widget": "tests/widgets", "kernel": "tests/kernels", "dataset": "tests/data"}
DRAFTED = "toy_steps and not jupyterlab or toy_round or toy_lines"


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the project with the three drafts, and the one line that a kernel's author adds by hand."""
    root = tmp_path_factory.mktemp("project")
    leave = shutil.ignore_patterns("__pycache__", "*.nb[ci]", ".*")
    for name in ("utils", "tests", "book", "pyproject.toml"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
        copy(ROOT / name, root / name, **({"ignore": leave} if copy is shutil.copytree else {}))
    (root / "toy_lines.txt").write_text("one\ntwo\n")
    draft("widget", "toy_steps", 2, root)
    draft("kernel", "toy_round", 2, root)
    draft_dataset("toy_lines", 2, [URL], root / "toy_lines.txt", root)
    examples = root / "tests/kernels/examples.py"
    text = examples.read_text().replace('"noisy_sgd"', EXAMPLE, 1)
    examples.write_text(
        text.replace("class Example", "from utils.kernels.toy_round import toy_round\n\n\nclass Example", 1)
    )
    return root


def called(project, *command):
    environment = {**os.environ, "PYTHONPATH": str(project)}
    return subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, timeout=550)


@pytest.fixture(scope="module")
def tested(project):
    """What pytest says of the drafts: all in one process, which imports PyTorch once."""
    options = ["-q", "-rA", "-p", "no:cacheprovider", "-k", DRAFTED]
    return called(project, sys.executable, "-m", "pytest", *options, *TESTS.values())


@pytest.mark.parametrize("kind", FILES)
def test_a_draft_passes_the_tests_that_the_guide_names(tested, kind):
    guide = (ROOT / f"book/add_{kind}.md").read_text(encoding="utf-8")
    assert f'make test TEST_ARGS="{TESTS[kind]} -k ' in guide
    assert tested.returncode == 0, tested.stdout[-3000:]
    assert f"PASSED {TESTS[kind]}/" in tested.stdout


def test_drafts_are_formatted_and_filled(project):
    files = [
        project / path.format(stem=stem)
        for kind, stem in (("widget", "toy_steps"), ("kernel", "toy_round"), ("dataset", "toy_lines"))
        for path in FILES[kind].values()
    ]
    assert "{{" not in "".join(path.read_text() for path in files)
    python = [str(path) for path in files if path.suffix == ".py"]
    for check in (["check"], ["format", "--check"]):
        done = called(project, sys.executable, "-m", "ruff", *check, *python)
        assert done.returncode == 0, done.stdout


def test_the_file_of_a_data_set_is_measured(project):
    text = (project / "utils/data/sets/toy_lines.yml").read_text()
    assert hashlib.sha256(b"one\ntwo\n").hexdigest() in text
    assert "bytes: 8" in text


@pytest.mark.parametrize(
    "kind, stem", [("widget", "sign_freezing"), ("kernel", "ternary_linear"), ("dataset", "poems")]
)
def test_the_guide_names_every_file_of_a_draft(kind, stem):
    guide = (ROOT / f"book/add_{kind}.md").read_text(encoding="utf-8")
    assert [path for path in FILES[kind].values() if f"`{path.format(stem=stem)}`" not in guide] == []


@pytest.mark.parametrize(
    "kind, stem, said",
    [("widget", "Toy", "is no stem"), ("widget", "toy-steps", "is no stem"), ("kernel", "toy", "one word")],
)
def test_bad_names_are_refused(tmp_path, kind, stem, said):
    with pytest.raises(FrugalError, match=said):
        draft(kind, stem, 2, tmp_path)
    assert not list(tmp_path.iterdir())


def test_nothing_is_overwritten(tmp_path):
    mine = tmp_path / "utils/widgets/toy_steps.js"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    with pytest.raises(FrugalError, match="exists already"):
        draft("widget", "toy_steps", 2, tmp_path)
    assert [path.name for path in tmp_path.rglob("*.*")] == ["toy_steps.js"]


@pytest.mark.parametrize("url, said", [("http://a.b/c", "begin with https"), (URL, "cannot read")])
def test_a_file_that_cannot_be_had_is_told(tmp_path, url, said):
    with pytest.raises(FrugalError, match=said):
        draft_dataset("toy_lines", 2, [url], tmp_path / "nothing", tmp_path)


def test_the_command_has_the_four_kinds():
    assert sorted(command.commands) == ["chapter", *sorted(FILES)]
    assert CliRunner().invoke(command, ["widget", "toy_steps", "31"]).exit_code == 2
