import json

import pytest

from utils.errors import FrugalError
from utils.evidence import store


def test_own_results_come_before_those_of_the_book(measure, folder, tmp_path, monkeypatch):
    reference = tmp_path / "reference"
    reference.mkdir()
    monkeypatch.setattr(store, "FOLDERS", (folder, reference))
    path = measure([1, 2, 4])
    (reference / path.name).write_text(path.read_text().replace('"float"', '"reference"'))
    assert store.load("11_bitnet_reloaded", "quick")["claims"][0]["compare"][1] == "float"
    path.unlink()
    assert store.load("11_bitnet_reloaded", "quick")["claims"][0]["compare"][1] == "reference"


def test_what_nobody_measured_is_none(folder):
    assert store.load("11_bitnet_reloaded", "full") is None


def test_a_folder_gives_its_results_and_ignores_other_files(measure, folder):
    measure([1, 2, 4], profile="quick")
    measure([1, 2, 4], profile="full")
    (folder / "kernels.cpu.json").write_text("{}")
    assert [results["profile"] for results in store.read_all(folder)] == ["full", "quick"]


def test_a_missing_path_and_an_empty_folder_are_told_apart(tmp_path):
    with pytest.raises(FrugalError, match="no file or folder"):
        store.read_all(tmp_path / "nowhere")
    with pytest.raises(FrugalError, match="holds no results"):
        store.read_all(tmp_path)


@pytest.mark.parametrize(
    "text, reason",
    [
        ("{", "cannot be read as JSON"),
        ("\xff", "cannot be read as JSON"),
        ("[]", "names no schema"),
        ('{"schema": "1"}', "names no schema"),
        ('{"schema": 1}', "'chapter'"),
    ],
)
def test_what_is_not_a_results_file_is_refused_with_the_reason(tmp_path, text, reason):
    path = tmp_path / "11_bitnet_reloaded.quick.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(FrugalError, match=reason):
        store.read(path)


@pytest.mark.parametrize("change, reason", [({"schema": 99}, "newer version"), ({"claims": [{}]}, "'key'")])
def test_a_newer_or_damaged_file_is_refused(measure, change, reason):
    path = measure([1, 2, 4])
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    with pytest.raises(FrugalError, match=reason):
        store.read(path)


@pytest.mark.parametrize(
    "place, field",
    [
        (("claims", 0), "verdict"),
        (("claims", 0, "treatment"), "values"),
        (("figures", "zero-share"), "unit"),
        (("provenance",), "date"),
    ],
)
def test_a_missing_field_is_named(measure, place, field):
    path = measure([1, 2, 4])
    results = json.loads(path.read_text())
    entry = results
    for step in place:
        entry = entry[step]
    del entry[field]
    path.write_text(json.dumps(results))
    with pytest.raises(FrugalError, match=f"'{field}'"):
        store.read(path)
