"""``frugal doctor``: every line has a word, and a missing need ends with exit status 1 and its remedy."""

import sys

import pytest
from click.testing import CliRunner

from utils import doctor, whereabouts
from utils.cli.doctor import command
from utils.errors import FrugalError
from utils.finding import Finding

HERE = Finding("Here", "1.0")
WISH = Finding("Wish", "none", "get one", needed=False)
NEED = Finding("Need", "missing", "install it")


@pytest.fixture
def report(monkeypatch):
    def report(*findings):
        monkeypatch.setattr(doctor, "examine", lambda: list(findings))
        return CliRunner().invoke(command)

    return report


def test_missing_wish_is_a_note(report):
    result = report(HERE, WISH)
    assert result.exit_code == 0
    assert "OK      Here" in result.output
    assert "note    Wish" in result.output
    assert "-> get one" in result.output


def test_missing_need_fails(report):
    result = report(HERE, NEED)
    assert result.exit_code == 1
    assert isinstance(result.exception, FrugalError)
    assert "Need" in str(result.exception)
    assert "-> install it" in result.output


def test_this_environment_has_every_dependency():
    assert [finding for finding in doctor.dependencies() if finding.needed and not finding.ok] == []


@pytest.mark.parametrize(
    "requirement, remedy", [("click>=8.1", False), ("click>=1000", True), ("no-such-package", True)]
)
def test_versions_are_compared_with_the_range(requirement, remedy):
    needed, optional = doctor.dependencies([requirement, "numpy>=1000; extra == 'site'"])
    assert bool(needed.remedy) == remedy
    assert needed.needed
    assert not optional.needed
    assert "make site" in optional.remedy


def test_broken_package_is_told_with_its_error(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    assert "import fails" in doctor.torch().text
    assert doctor.torch().remedy


def test_a_folder_that_does_not_exist_is_noticed(monkeypatch, tmp_path):
    monkeypatch.setenv("FRUGAL_DATA", str(tmp_path / "nowhere"))
    assert "FRUGAL_DATA" in doctor.data().remedy


@pytest.mark.parametrize("program, found", [("true", True), ("/no/such/browser", False)])
def test_browser_that_does_not_exist_is_noticed(monkeypatch, program, found):
    monkeypatch.setenv("CHROMIUM", program)
    assert doctor.browser().ok == found


def test_compiler_is_asked_for_on_a_gpu_only(monkeypatch):
    monkeypatch.setattr(doctor.shutil, "which", lambda _: None)
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setattr(doctor, "_import_problem", lambda _: "")
    for has_gpu in (False, True):
        monkeypatch.setattr(doctor.machine, "has_gpu", lambda has_gpu=has_gpu: has_gpu)
        assert ("gcc" in doctor.triton().remedy) == has_gpu


def test_settings_that_lead_pip_astray_are_named(monkeypatch):
    monkeypatch.setenv("PIP_USER", "1")
    assert "PIP_USER" in doctor.pip_settings().remedy


def test_moved_environment_names_the_command_that_repairs_it(tmp_path):
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv/.ready").write_text("/elsewhere\n")
    assert "make lab" in whereabouts.environment(tmp_path).remedy


def test_folder_that_cannot_be_written_is_noticed(tmp_path):
    (tmp_path / "file").write_text("")
    assert "FRUGAL_WORKSPACE" in whereabouts.folder(tmp_path / "file/workspace").remedy
    assert whereabouts.folder(tmp_path / "workspace").ok


def test_file_that_hides_the_package_is_named(tmp_path):
    assert whereabouts.names(tmp_path).ok
    (tmp_path / "labs").mkdir()
    (tmp_path / "labs/utils.py").write_text("")
    assert "rename" in whereabouts.names(tmp_path).remedy


def test_home_that_cannot_be_written_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(whereabouts, "refuge", lambda: tmp_path)
    found = whereabouts.home_folder()
    assert "stands in" in found.remedy
    assert not found.needed
