"""``frugal data``: what it lists, and that a corrupt file is found."""

import pytest
from click.testing import CliRunner

from utils.cli.data import command
from utils.data import cache
from utils.data.registry import data_sets
from utils.errors import FrugalError


@pytest.fixture
def prepared(tmp_path, monkeypatch):
    monkeypatch.setenv("FRUGAL_DATA", str(tmp_path / "prepared"))
    monkeypatch.setattr(cache, "own", lambda: tmp_path / "own")
    return tmp_path / "prepared"


def test_list_names_every_set_with_its_terms_and_places(prepared):
    output = CliRunner().invoke(command, ["list"], catch_exceptions=False).output
    for data_set in data_sets():
        assert data_set.name in output
        assert data_set.license in output
    assert str(prepared) in output


def test_verify_finds_the_corrupt_file(prepared):
    file = prepared / "tiny_shakespeare/input.txt"
    file.parent.mkdir(parents=True)
    file.write_text("To be, or")
    with pytest.raises(FrugalError, match=r"corrupt.*tiny_shakespeare/input\.txt"):
        CliRunner().invoke(command, ["verify"], catch_exceptions=False)


def test_verify_passes_where_nothing_is(prepared):
    assert CliRunner().invoke(command, ["verify"]).exit_code == 0
