"""``frugal doctor``: every line has a word, and a missing need ends with exit status 1 and its remedy."""

import sys

import pytest
from click.testing import CliRunner

from utils import doctor
from utils.cli.doctor import command
from utils.errors import FrugalError

HERE = doctor.Finding("Here", "1.0")
WISH = doctor.Finding("Wish", "none", "get one", needed=False)
NEED = doctor.Finding("Need", "missing", "install it")


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
def test_versions_are_compared_with_the_range(tmp_path, requirement, remedy):
    extra = '[project.optional-dependencies]\ntest = ["numpy>=1000"]\n'
    (tmp_path / "pyproject.toml").write_text(f'[project]\ndependencies = ["{requirement}"]\n{extra}')
    needed, optional = doctor.dependencies(tmp_path)
    assert bool(needed.remedy) == remedy
    assert not optional.needed
    assert optional.remedy


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
