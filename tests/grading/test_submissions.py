"""Whose file is whose in each course system's form, and archives that are not safe."""

import csv
import io
import zipfile
from pathlib import Path

import pytest

from utils.errors import FrugalError
from utils.grading.forms import grades
from utils.grading.submissions import collect

MOODLE = {"Änne Müller_4711_assignsubmission_file_/11_bitnet_reloaded.ipynb": "4711",
          "Bo Li_4712_assignsubmission_file/my lab (final) (2).ipynb": "4712"}  # fmt: skip
CANVAS = {"muelleraenne_12_9001_11_bitnet.ipynb": "12", "libo_LATE_13_9002_lab-1.ipynb": "13"}
GRADESCOPE = {
    "assignment_1_export/submission_77/lab.ipynb": "s1",
    "assignment_1_export/submission_78/lab.ipynb": "s2",
}
PEOPLE = """
submission_77:
  :submitters:
  - :name: Änne Müller
    :sid: s1
    :email: a@b.c
submission_78:
  :submitters:
  - :name: Bo Li
    :sid: s2
    :email: b@b.c
"""
HUB = {"anna/lab11/11.ipynb": "anna", "bo/lab11/11.ipynb": "bo"}
FLAT = {"Änne.ipynb": "Änne", "bo li.ipynb": "bo_li_77f1f0", "bo_li.ipynb": "bo_li"}
FORMS = {"moodle": MOODLE, "canvas": CANVAS, "gradescope": GRADESCOPE, "hub": HUB, "flat": FLAT}


def write(folder: Path, names: dict[str, str]) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name, encoding="utf-8")
    if names is GRADESCOPE:
        (folder / "assignment_1_export/submission_metadata.yml").write_text(PEOPLE, encoding="utf-8")
    return folder


def packed(folder: Path, archive: Path) -> Path:
    with zipfile.ZipFile(archive, "w") as files:
        for path in sorted(folder.rglob("*")):
            files.write(path, path.relative_to(folder))
    return archive


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("zipped", [False, True], ids=["folder", "archive"])
def test_each_student_is_found_in_each_form(form, zipped, tmp_path):
    place = write(tmp_path / "in", FORMS[form])
    place = packed(place, tmp_path / "in.zip") if zipped else place
    found = collect(place, tmp_path / "scratch")
    assert {student.key for student in found} == set(FORMS[form].values())
    for student in found:
        name = next(name for name, key in FORMS[form].items() if key == student.key)
        assert student.path.read_text(encoding="utf-8") == name


def rows(folder: Path) -> list[dict]:
    found = collect(folder, folder)
    return [
        {"key": s.key, "name": s.name, "system": s.system, "email": s.email, "folder": s.folder,
         "mark": 7.5, "verdicts": [], "points": {"pack": 7.5}, "summary": "7.5 of 10 points"} for s in found
    ]  # fmt: skip


@pytest.mark.parametrize(
    "form, header, first",
    [
        ("moodle", "Identifier,Full name,Grade", "Participant 4711,Änne Müller,7.5,10"),
        ("gradescope", "Name,SID,Email,Total Score", "Änne Müller,s1,a@b.c,7.5,10,77"),
        ("hub", "student,mark,possible,pack", "anna,7.5,10,7.5"),
    ],
)
def test_marks_come_in_the_systems_form(form, header, first, tmp_path):
    lines = grades(rows(write(tmp_path, FORMS[form])), "Lab 11", 10).splitlines()
    assert lines[0].startswith(header)
    assert lines[1].startswith(first)
    assert len(lines) == 3


def test_canvas_gets_its_columns_and_the_row_of_possible_points(tmp_path):
    lines = list(csv.reader(io.StringIO(grades(rows(write(tmp_path, CANVAS)), "Lab 11 (55)", 10))))
    assert lines[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Lab 11 (55)"]
    assert lines[1][0].strip() == "Points Possible"
    assert lines[1][5] == "10"
    assert ["muelleraenne", "12", "", "", "", "7.5"] in lines


def test_the_systems_own_table_is_filled_in_and_its_columns_stay(tmp_path):
    roster = tmp_path / "roster.csv"
    lines = ["Identifier,Full name,Status,Grade", '"Participant 4712","Bo Li",late,', '"Participant 9",C,,']
    roster.write_text("\ufeff" + "\n".join(lines), encoding="utf-8")
    table = grades(rows(write(tmp_path / "in", MOODLE)), "Lab 11", 10, roster)
    assert table.splitlines()[1:] == ["Participant 4712,Bo Li,late,7.5", "Participant 9,C,,"]
    roster.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(FrugalError, match="needs the columns 'Identifier' and 'Grade'"):
        grades(rows(tmp_path / "in"), "Lab 11", 10, roster)


def test_a_name_that_is_a_formula_stays_a_name(tmp_path):
    write(tmp_path, {"=HYPERLINK(1)_4711_assignsubmission_file_/x.ipynb": ""})
    assert "'=HYPERLINK(1)" in grades(rows(tmp_path), "Lab 11", 10)


def test_the_last_of_several_submissions_counts(tmp_path):
    names = ["libo_13_9002_lab-1.ipynb", "libo_13_9002_lab-2.ipynb", "libo_13_9001_lab-9.ipynb"]
    (only,) = collect(write(tmp_path, dict.fromkeys(names)), tmp_path)
    assert only.path.name == "libo_13_9002_lab-2.ipynb"
    assert "3 times" in only.note


def test_a_student_without_a_notebook_has_a_row(tmp_path):
    names = {"Bo_1_assignsubmission_file_/lab.pdf": "", "Al_2_assignsubmission_file_/lab.ipynb": ""}
    found = {student.key: student.path for student in collect(write(tmp_path, names), tmp_path)}
    assert found["1"] is None
    assert found["2"]


def test_links_are_not_followed(tmp_path):
    secret = tmp_path / "secret.ipynb"
    secret.write_text("x")
    folder = write(tmp_path / "in", {"al/lab.ipynb": "", "bo/readme.txt": ""})
    (folder / "bo/lab.ipynb").symlink_to(secret)
    (folder / "eve.ipynb").symlink_to(secret)
    assert {s.key: bool(s.path) for s in collect(folder, tmp_path)} == {"al": True, "bo": False}


@pytest.mark.parametrize("name", ["../x.ipynb", "/x.ipynb", "a/../../x.ipynb", "C:/x.ipynb", "..\\x.ipynb"])
def test_an_archive_that_leads_out_of_its_folder_is_refused(name, tmp_path):
    archive = tmp_path / "in.zip"
    with zipfile.ZipFile(archive, "w") as files:
        files.writestr(name, "x")
    with pytest.raises(FrugalError, match="leads out of its folder"):
        collect(archive, tmp_path / "scratch")
    assert not list((tmp_path / "scratch").rglob("*"))


def test_an_archive_with_a_link_or_a_bomb_is_refused(tmp_path):
    link = zipfile.ZipInfo("al/lab.ipynb")
    link.external_attr = 0o120777 << 16
    for entry, content, reason in (
        (link, "/etc/passwd", "is a link"),
        ("x.ipynb", b"0" * (20 << 20), "far larger"),
    ):
        with zipfile.ZipFile(tmp_path / "in.zip", "w", zipfile.ZIP_DEFLATED) as files:
            files.writestr(entry, content)
        with pytest.raises(FrugalError, match=reason):
            collect(tmp_path / "in.zip", tmp_path / "scratch")


def test_nothing_to_grade_is_said(tmp_path):
    (tmp_path / "in.zip").write_bytes(b"no archive")
    (tmp_path / "empty").mkdir()
    for place, words in (("in.zip", "cannot be unpacked"), ("empty", "no notebook"), ("nowhere", "neither")):
        with pytest.raises(FrugalError, match=words):
            collect(tmp_path / place, tmp_path / "scratch")
