"""``frugal scoreboard`` as its users call it: what it prints and how it exits."""

import json

import pytest
from click.testing import CliRunner

from utils import cli
from utils.errors import FrugalError
from utils.evidence import store


@pytest.fixture
def frugal():
    def call(*arguments):
        return CliRunner().invoke(cli.frugal, ["scoreboard", *map(str, arguments)])

    return call


def test_it_says_when_nothing_is_measured(frugal, folder):
    result = frugal()
    assert result.exit_code == 0
    assert "frugal run" in result.output


def test_it_prints_claim_paper_and_verdict(frugal, measure):
    measure([2, 3, 4.5])
    said = frugal("--chapter", 11).output
    for part in ("twice-width", "parity at twice the hidden size", "contradicted", "not measured at this"):
        assert part in said


def test_json_can_be_read_back(frugal, measure):
    measure([2, 3, 4.5])
    [row] = json.loads(frugal("--json").output)
    assert row["measured"]["quick"]["verdict"] == "contradicted"


def test_comparing_exits_with_1_only_on_contradiction(frugal, measure, folder, tmp_path):
    other = tmp_path / "other.json"
    for there, status in (([2, 3, 4.5], 1), ([0, 3, 2], 0), ([0.5, 1.5, 2.4], 0)):
        other.write_bytes(measure(there).read_bytes())
        measure([0.5, 1.5, 2.4])
        result = frugal("--compare", other)
        assert result.exit_code == status, result.output
    assert "agrees" in result.output


def test_local_results_are_labeled(frugal, measure, monkeypatch, folder):
    measure([2, 3, 4.5])
    assert "this machine" not in frugal().output
    monkeypatch.setattr(store, "LOCAL", folder)
    assert frugal("--local").output.startswith("Measured on this machine; not the book's record.")
    assert frugal("--local", "--compare", folder).exit_code == 2


@pytest.mark.parametrize(
    "arguments, reason",
    [
        (["--chapter", "99"], "no written chapter"),
        (["--compare", "nowhere.json"], "no file or folder"),
    ],
)
def test_bad_input_is_one_sentence(frugal, folder, arguments, reason):
    error = frugal(*arguments).exception
    assert isinstance(error, FrugalError)
    assert reason in str(error)


def test_nothing_in_common_is_an_error(frugal, measure, tmp_path):
    other = tmp_path / "other.json"
    path = measure([1, 2, 4])
    other.write_bytes(path.read_bytes())
    path.unlink()
    assert "recorded here too" in str(frugal("--compare", other).exception)
