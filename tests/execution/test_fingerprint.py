"""Which change of the book makes which notebooks run again: neither too little nor too much."""

import importlib.metadata
import json
import shutil
from pathlib import Path

import pytest

from utils import chapters
from utils.execution import fingerprint, plan
from utils.paths import ROOT

FOLDERS = ("book", "notebooks", "results", "utils")
CLAIMS = "book/claims/01_gradient_noise.yml"
PREPARED = "results/prepared/01_panel.json"
FILES = ("_config.yml", "_toc.yml", "requirements.txt")


def edit(name, old, new):
    """A change of a text file, which must hold the old text."""

    def change(book):
        text = (book / name).read_text(encoding="utf-8")
        assert old in text, f"{name} has changed: choose another text"
        (book / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def notebook(change, slug="01_gradient_noise"):
    """A change of a notebook's content."""

    def write(book):
        path = book / "notebooks" / f"{slug}.ipynb"
        content = json.loads(path.read_text(encoding="utf-8"))
        change(content)
        path.write_text(json.dumps(content), encoding="utf-8")

    return write


def cell(kind, **values):
    """A change of the notebook's last cell of a kind."""
    return notebook(lambda nb: [c for c in nb["cells"] if c["cell_type"] == kind][-1].update(values))


def touch(book):
    for path in book.rglob("*.py"):
        path.touch()


DOCSTRING = '"""Philox on the CPU'
NOBODY = {
    "a word of prose": cell("markdown", source="Other words."),
    "a cell collapsed in JupyterLab": cell("code", metadata={"collapsed": True, "jupyter": {}}),
    "JupyterLab's name of the kernel": notebook(
        lambda nb: nb["metadata"].update(kernelspec={"name": "python3"})
    ),
    "outputs only": cell("code", outputs=[], execution_count=7),
    "a comment in a kernel": edit("utils/kernels/philox_cpu.py", "\n@njit", "\n# Why it is so.\n@njit"),
    "a docstring in a kernel": edit("utils/kernels/philox_cpu.py", DOCSTRING, f"{DOCSTRING}, told anew"),
    "a comment in what all use": edit("utils/figures.py", "\n\n\n", "\n\n\n# A comment.\n"),
    "space at the end of lines": edit("utils/figures.py", "\n\n", "   \n\n\n"),
    "a comment among the pins": edit("requirements.txt", "\n", "\n# Why these.\n"),
    "a widget's front end": edit("utils/widgets/common.js", "\n", "\n// A comment.\n"),
    "a widget's style": edit("utils/widgets/common.css", "\n", "\n/* A comment. */\n"),
    "a page": edit("book/01_gradient_noise.md", "\n", "\nA word.\n"),
    "the bibliography": edit("book/references.bib", "\n", "\n% A comment.\n"),
    "a drawing": edit("book/images/01_rescue.svg", "<svg", "<!-- A comment. --><svg"),
    "the map": edit("book/map.yml", "\n", "\n# A comment.\n"),
    "the settings of the site": edit("_config.yml", "\n", "\n# A comment.\n"),
    "a comment in the claims": edit(CLAIMS, "\n", "\n# Why so.\n"),
    "recorded results": edit("results/01_gradient_noise.quick.json", "{", "{ "),
    "a license": edit("utils/data/sets/tiny_shakespeare.yml", "license:", "# A comment.\nlicense:"),
    "a date": touch,
}
ONE = {
    "code": cell("code", source="x = 1"),
    "a claim": edit(CLAIMS, "smallest: 1", "smallest: 2"),
    "what was prepared": edit(PREPARED, "1.5", "2.5"),
    "a semicolon": notebook(lambda nb: nb["cells"][-1].update(cell_type="code", source="1;")),
}
USERS = {
    "a constant of a kernel": ("utils/kernels/philox.py", "ROUNDS = 10", "ROUNDS = 7"),
    "the checksum of a data set": ("utils/data/sets/tiny_shakespeare.yml", "sha256: ", "sha256: 0"),
}
ALL = {
    "code that all use": edit("utils/figures.py", "\n\n\n", "\n\n\nMORE = 1\n"),
    "a pin": edit("requirements.txt", "torch==", "torch==9"),
}


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A copy of the book."""
    folder = tmp_path_factory.mktemp("book")
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, folder)
    for name, text in ((CLAIMS, "claims:\n- smallest: 1\n"), (PREPARED, "[1.5]")):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.fixture(scope="module")
def before(book):
    """Every chapter's inputs."""
    return inputs(book)


@pytest.fixture
def rerun(book, before, monkeypatch):
    """Function that makes a change and returns the chapters whose notebooks would run again."""
    written = Path.write_text

    def write(path, text, **options):
        old = path.read_bytes()
        restore.append(lambda: path.write_bytes(old))
        return written(path, text, **options)

    def after(change):
        change(book)
        now = inputs(book)
        return {slug for slug in before if before[slug] != now[slug]}

    restore = []
    monkeypatch.setattr(Path, "write_text", write)
    yield after
    for undo in restore:
        undo()


def inputs(root) -> dict[str, dict[str, str]]:
    slugs = [chapter.slug for chapter in chapters.written(root)]
    return {task.slug: task.inputs for task in plan.make(slugs, "quick", root=root)}


@pytest.mark.parametrize("name", NOBODY)
def test_repeats_nothing(rerun, name):
    assert rerun(NOBODY[name]) == set()


@pytest.mark.parametrize("name", ONE)
def test_repeats_its_chapter(rerun, name):
    assert rerun(ONE[name]) == {"01_gradient_noise"}


@pytest.mark.parametrize("name", USERS)
def test_repeats_the_chapters_that_use_it(rerun, before, name):
    users = {slug for slug, values in before.items() if USERS[name][0] in values}
    assert 0 < len(users) < len(before)
    assert rerun(edit(*USERS[name])) == users


@pytest.mark.parametrize("name", ALL)
def test_repeats_all_chapters(rerun, before, name):
    assert rerun(ALL[name]) == set(before)


def test_another_installed_version_repeats_all_chapters(rerun, before, monkeypatch):
    versions = importlib.metadata.version
    monkeypatch.setattr(fingerprint, "version", lambda name: "9.9" if name == "torch" else versions(name))
    fingerprint._installed.cache_clear()
    assert rerun(lambda book: None) == set(before)
    fingerprint._installed.cache_clear()


def test_the_installed_version_is_told_and_the_pin_where_it_differs(project):
    installed = importlib.metadata.version("numpy")
    project.module(
        "requirements.txt", f"numpy=={installed}\nclick==0\nnone-such==1.0; python_version > '3'\n"
    )
    found = fingerprint.surroundings([], project.root)
    click = importlib.metadata.version("click")
    assert found["package numpy"] == installed
    assert found["package click"] == f"{click}, pinned 0"
    assert found["package none-such"] == "not installed, pinned 1.0"
