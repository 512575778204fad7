"""Building labs: three files, nothing secret in the student's, nothing done twice, equal bytes every time."""

import json
import zipfile
from dataclasses import replace

import nbformat
import pytest

from utils.chapters import written
from utils.errors import FrugalError
from utils.labs.build import build
from utils.labs.master import master_path, read
from utils.labs.secrecy import HIDDEN, leaks, secrets

SLUGS = [chapter.slug for chapter in written()]


@pytest.fixture(scope="module", params=SLUGS)
def built(request, tmp_path_factory):
    """The files of every written lab."""
    return request.param, build(request.param, out=tmp_path_factory.mktemp("out"))


def test_the_student_version_keeps_every_secret(built):
    slug, files = built
    lab, student = read(master_path(slug)), files["student"].read_text()
    assert len(secrets(lab)) > 20
    assert leaks(lab, student) == []
    hidden = [test for question in lab.graded for test in question.sources("tests") if HIDDEN.search(test)]
    assert hidden, "a lab without hidden checks keeps no secret"
    for test in hidden:
        assert test.partition("def ")[2].partition("(")[0] not in student


def test_the_student_version_is_clean_and_carries_its_points(built):
    slug, files = built
    notebook = nbformat.read(files["student"], as_version=4)
    assert all(not cell.get("outputs") for cell in notebook.cells)
    assert notebook.metadata["frugal"]["points"] == {q.name: q.points for q in read(master_path(slug)).graded}
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)


def test_the_archive_has_every_check_and_what_the_lab_imports(built):
    slug, files = built
    with zipfile.ZipFile(files["autograder"]) as archive:
        names = set(archive.namelist())
        requirements = archive.read("environment.yml").decode()
    assert {f"tests/{question.name}.py" for question in read(master_path(slug)).graded} <= names
    assert {"setup.sh", "run_autograder", "files/utils/labs/checks.py", "files/utils/__init__.py"} <= names
    assert "torch==" in requirements


def test_nothing_is_built_twice_and_equal_masters_give_equal_bytes(tiny, tmp_path):
    folder = tiny.write(tmp_path / "labs")
    first = build("99_doubling", folder=folder, out=tmp_path / "a")
    times = {part: file.stat().st_mtime_ns for part, file in first.items()}
    again = build("99_doubling", folder=folder, out=tmp_path / "a")
    assert times == {part: file.stat().st_mtime_ns for part, file in again.items()}
    other = build("99_doubling", folder=folder, out=tmp_path / "b")
    assert {p: f.read_bytes() for p, f in first.items()} == {p: f.read_bytes() for p, f in other.items()}


def test_a_changed_master_or_a_lost_file_is_built_anew(tiny, tmp_path):
    files = build("99_doubling", folder=tiny.write(tmp_path / "labs"), out=tmp_path / "out")
    files["solution"].unlink()
    assert build("99_doubling", folder=tmp_path / "labs", out=tmp_path / "out")["solution"].exists()
    master = tmp_path / "labs/99_doubling.ipynb"
    master.write_text(master.read_text().replace("# A lab", "# Another lab"))
    build("99_doubling", folder=tmp_path / "labs", out=tmp_path / "out")
    assert "Another lab" in files["student"].read_text()


def test_a_secret_that_would_reach_the_student_stops_the_build(tiny, tmp_path):
    master = tiny.write(tmp_path / "labs") / "99_doubling.ipynb"
    notebook = json.loads(master.read_text())
    notebook["metadata"]["note"] = "Doubling is adding a number to itself."
    master.write_text(json.dumps(notebook))
    with pytest.raises(FrugalError, match="would give away 'Doubling is adding"):
        build("99_doubling", folder=tmp_path / "labs", out=tmp_path / "out")
    assert not (tmp_path / "out/student").exists()


def test_a_master_that_otter_refuses_has_a_sentence(tiny, tmp_path):
    lab = replace(tiny, public=tiny.public.replace("points: 1", "points: 9"))
    with pytest.raises(FrugalError, match=r"Otter cannot build .* More points"):
        build("99_doubling", folder=lab.write(tmp_path / "labs"), out=tmp_path / "out")
