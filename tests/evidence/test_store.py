import json
import os

import pytest

from utils.errors import FrugalError
from utils.evidence import store


def test_the_books_results_are_read_unless_local_ones_are_asked_for(measure, folder, tmp_path, monkeypatch):
    path = measure([1, 2, 4])
    local = tmp_path / "local"
    local.mkdir()
    monkeypatch.setattr(store, "LOCAL", local)
    assert store.load("11_bitnet_reloaded", "quick", local=True) is None
    (local / path.name).write_text(path.read_text().replace('"float"', '"ours"'))
    baselines = [
        store.load("11_bitnet_reloaded", "quick", local=asked)["claims"][0]["compare"][1]
        for asked in (False, True)
    ]
    assert baselines == ["float", "ours"]
    path.unlink()
    assert store.load("11_bitnet_reloaded", "quick") is None


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
        ("\xff", "cannot be read"),
        ("[]", "names no schema"),
        ('{"schema": "1"}', "names no schema"),
        ('{"schema": true}', "names no schema"),
        ('{"schema": 2, "effect": NaN}', "it holds NaN"),
        ('{"schema": 2}', "'chapter'"),
    ],
)
def test_what_is_not_a_results_file_is_refused_with_the_reason(tmp_path, text, reason):
    path = tmp_path / "11_bitnet_reloaded.quick.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(FrugalError, match=reason):
        store.read(path)


@pytest.mark.parametrize(
    "place, value, reason",
    [
        (("claims", 0, "verdict"), "wonderful", "the unknown verdict"),
        (("claims", 0, "verdict"), "supported", "does not follow from its interval"),
        (("claims", 0, "effect"), 99.0, "does not follow from its interval"),
        (("claims", 0, "interval"), [1.0], "another form than results"),
        (("claims", 0, "seeds"), [1, 2], "one value per seed"),
        (("claims", 0, "values", "ternary"), [1, 2], "one value per seed"),
        (("metrics", "zero-share", "values"), [], "a metric without a value"),
        (("chapter",), "12_denseshift", "holds the results of 12_denseshift at profile quick"),
        (("profile",), "full", "at profile full"),
        (("provenance", "seconds"), True, "no usable field 'seconds'"),
    ],
)
def test_a_changed_field_is_noticed(measure, place, value, reason):
    path = measure([1, 2, 4])
    results = json.loads(path.read_text())
    entry = results
    for step in place[:-1]:
        entry = entry[step]
    entry[place[-1]] = value
    path.write_text(json.dumps(results))
    with pytest.raises(FrugalError, match=reason):
        store.read(path)


@pytest.mark.parametrize("put", [os.mkfifo, os.mkdir, lambda path: os.symlink("/etc/hostname", path)])
def test_what_is_no_regular_file_is_refused(folder, put):
    folder.mkdir()
    put(folder / "11_bitnet_reloaded.quick.json")
    with pytest.raises(FrugalError, match="cannot be read"):
        store.load("11_bitnet_reloaded", "quick")


@pytest.mark.parametrize(
    "change, reason",
    [({"schema": 99}, "newer version"), ({"schema": 1}, "older version"), ({"claims": [{}]}, "'key'")],
)
def test_a_newer_or_damaged_file_is_refused(measure, change, reason):
    path = measure([1, 2, 4])
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    with pytest.raises(FrugalError, match=reason):
        store.read(path)


@pytest.mark.parametrize(
    "place, field",
    [
        (("claims", 0), "verdict"),
        (("claims", 0), "values"),
        (("metrics", "zero-share"), "unit"),
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
