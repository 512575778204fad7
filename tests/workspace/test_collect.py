"""The workspace gets each written chapter's notebook, page and lab, where their links expect them."""

import os
import shutil

import pytest

from utils.chapters import Chapter
from utils.errors import FrugalError
from utils.workspace import collect
from utils.workspace.collect import book_files, student_labs


def test_only_files_of_written_chapters_are_collected(tmp_path):
    for name in ("notebooks/11_a.ipynb", "notebooks/12_draft.ipynb", "book/11_a.md", "book/index.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    assert book_files([Chapter("11_a")], tmp_path) == {
        "notebooks/11_a.ipynb": b"notebooks/11_a.ipynb",
        "book/11_a.md": b"book/11_a.md",
    }


def test_chapter_without_lab_gives_none(tmp_path):
    assert student_labs([Chapter("11_a")], tmp_path) == ({}, [])


@pytest.fixture
def built() -> list[str]:
    """The labs that were built."""
    return []


@pytest.fixture
def project(tmp_path, monkeypatch, built):
    """A project with one lab, all of its files old, whose build only writes down that it was called."""
    for name in ("labs/11_a.ipynb", "requirements.txt", "utils/kernel.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
        os.utime(tmp_path / name, (0, 0))

    def build(slug):
        built.append(slug)
        student = tmp_path / f"_build/labs/student/{slug}.ipynb"
        student.parent.mkdir(parents=True, exist_ok=True)
        student.write_text("without solutions")

    monkeypatch.setattr(collect, "_build", build)
    return tmp_path


def test_lab_is_built_once(project, built):
    assert student_labs([Chapter("11_a")], project) == ({"labs/11_a.ipynb": b"without solutions"}, [])
    student_labs([Chapter("11_a")], project)
    assert built == ["11_a"]


@pytest.mark.parametrize("name", ["labs/11_a.ipynb", "requirements.txt", "utils/kernel.py"])
def test_lab_is_built_again_when_something_changed(project, built, name):
    student_labs([Chapter("11_a")], project)
    later = (project / "_build/labs/student/11_a.ipynb").stat().st_mtime + 1
    os.utime(project / name, (later, later))
    student_labs([Chapter("11_a")], project)
    assert built == ["11_a", "11_a"]


@pytest.mark.parametrize("error", [FrugalError("malformed"), OSError(28, "No space"), ZeroDivisionError("x")])
def test_faulty_lab_keeps_nobody_from_the_others(project, monkeypatch, error):
    shutil.copy(project / "labs/11_a.ipynb", project / "labs/12_b.ipynb")
    good = collect._build

    def build(slug):
        if slug == "11_a":
            raise error
        good(slug)

    monkeypatch.setattr(collect, "_build", build)
    files, [trouble] = student_labs([Chapter("11_a"), Chapter("12_b")], project)
    assert list(files) == ["labs/12_b.ipynb"]
    assert "labs/11_a.ipynb could not be made, it is left out" in trouble


def test_last_good_version_stands_in_for_a_lab_that_became_faulty(project, monkeypatch):
    student_labs([Chapter("11_a")], project)

    def build(slug):
        raise FrugalError("malformed")

    monkeypatch.setattr(collect, "_build", build)
    later = (project / "_build/labs/student/11_a.ipynb").stat().st_mtime + 1
    os.utime(project / "labs/11_a.ipynb", (later, later))
    files, [trouble] = student_labs([Chapter("11_a")], project)
    assert files == {"labs/11_a.ipynb": b"without solutions"}
    assert "its last version stays" in trouble
