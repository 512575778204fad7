"""Remembered proofs: they hold as long as everything that they depended on is the same, and no longer."""

import shutil

import pytest

from utils.labs import memory
from utils.labs.answers import answers_path
from utils.labs.master import master_path, read

SLUG = "99_doubling"


@pytest.fixture
def folder(tiny, tmp_path):
    return tiny.write(tmp_path)


def changed(folder):
    return memory.changed(read(master_path(SLUG, folder)), folder)


def remember(folder):
    return memory.remember(read(master_path(SLUG, folder)), folder)


def test_a_proof_is_new_once(folder):
    assert changed(folder) == ["everything"]
    assert remember(folder) == folder / "proofs" / "99.json"
    assert changed(folder) == []


@pytest.mark.parametrize("part", ["master", "answers"])
def test_a_changed_file_needs_a_new_proof(folder, part):
    remember(folder)
    file = {"master": master_path(SLUG, folder), "answers": answers_path(SLUG, folder)}[part]
    file.write_text(file.read_text().replace("number", "value").replace("Squares", "Multiplies"))
    assert changed(folder) == [part]


def test_another_package_needs_a_new_proof(folder, monkeypatch):
    remember(folder)
    monkeypatch.setattr(memory, "version", lambda name: "0.0")
    assert changed(folder) == ["packages"]


def test_a_changed_module_needs_a_new_proof(folder, tmp_path):
    root = tmp_path / "copy"
    shutil.copytree("utils", root / "utils")
    lab = read(master_path(SLUG, folder))
    before = memory.inputs(lab, folder, root)
    harness, module = root / "utils/labs/proof.py", root / "utils/labs/checks.py"
    harness.write_text(harness.read_text() + "\n# A remark changes nothing.\n")
    assert memory.inputs(lab, folder, root) == before
    harness.write_text(harness.read_text() + "x = 1\n")
    module.write_text(module.read_text() + "x = 1\n")
    after = memory.inputs(lab, folder, root)
    assert [name for name in after if after[name] != before[name]] == ["modules", "harness"]


def test_a_damaged_file_is_no_proof(folder):
    remember(folder).write_text("{")
    assert changed(folder) == ["everything"]
