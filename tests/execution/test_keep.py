"""Keeping outcomes: the last good result survives every failure and every crash."""

import json
import os
from dataclasses import replace

import pytest

from utils.errors import FrugalError
from utils.execution import keep as keeping
from utils.execution import records
from utils.execution.keep import check_writable, commit_results, keep
from utils.execution.notebook import Outcome

BAD = Outcome('{"cells": [], "metadata": {}}', {"01_one.quick.json": "half"}, 1.0, 5, "ValueError: no")


@pytest.fixture
def task(project):
    project.chapter("01_one", "import utils")
    return lambda: project.task("01_one")


@pytest.fixture
def good(project, task):
    """Keep a good outcome with these results."""

    def keep_good(text=None, **changes):
        return keep(task(), replace(project.executed(task(), text), **changes), project.root)

    return keep_good


def test_success(project, good):
    record = good()
    assert (record.status, record.seconds, record.peak_memory_bytes, record.error) == ("ok", 2.0, 9, "")
    assert record.results == ["01_one.quick.json"]
    assert records.all_records(project.root) == [record]
    assert project.built("results", "01_one.quick.json").read_text() == project.results()
    executed = json.loads(project.built("executed", "01_one.quick.ipynb").read_text())
    assert "papermill" not in executed["metadata"]
    assert json.loads(records.executed("01_one", "quick", project.root)) == executed


def test_a_first_failure_leaves_no_result(project, task):
    record = keep(task(), BAD, project.root)
    assert (record.status, record.error, record.results) == ("failed", "ValueError: no", [])
    assert not project.built("results").exists()
    assert not project.built("executed", "01_one.quick.ipynb").exists()
    assert project.built("executed", "01_one.quick.failed.ipynb").exists()


def test_a_failure_keeps_the_last_good_result_and_marks_it_old(project, task, good):
    first = good()
    for _ in range(2):
        record = keep(task(), BAD, project.root)
        assert record == first.failed_again("ValueError: no")
        assert record.status == "old"
    assert project.built("results", "01_one.quick.json").read_text() == project.results()
    assert records.damage(record, project.root) == ""
    assert good().status == "ok"
    assert not project.built("executed", "01_one.quick.failed.ipynb").exists()


@pytest.mark.parametrize("crash_at", range(3))
def test_a_crash_between_two_files_makes_the_notebook_run_again(task, good, monkeypatch, crash_at):
    good()
    write, left = keeping.write_atomic, iter(range(crash_at))

    def crash(path, content):
        if next(left, None) is None:
            raise KeyboardInterrupt
        write(path, content)

    monkeypatch.setattr(keeping, "write_atomic", crash)
    monkeypatch.setattr(records, "write_atomic", crash)
    with pytest.raises(KeyboardInterrupt):
        good()
    assert task().reason == "never ran"


def test_folders_in_the_way_are_replaced(project, good):
    for name in ("executed/01_one.quick.ipynb", "executed/01_one.quick.json", "results/01_one.quick.json"):
        project.built(name, "inner").mkdir(parents=True)
    assert good().status == "ok"
    assert records.damage(good(), project.root) == ""


def test_a_build_folder_that_cannot_be_written_is_told_before_the_run(project):
    project.module("_build/executed", "a file")
    with pytest.raises(FrugalError, match="executed cannot be written"):
        check_writable(project.root)


def test_results_are_copied_for_git(project, good):
    assert commit_results(good(), project.root) == [project.root / "results" / "01_one.quick.json"]
    assert (project.root / "results" / "01_one.quick.json").read_text() == project.results()


def test_results_that_were_changed_since_are_not_copied(project, good):
    record = good()
    place = project.built("results", "01_one.quick.json")
    place.unlink()
    os.symlink("/etc/hostname", place)
    with pytest.raises(FrugalError, match="01_one is not recorded"):
        commit_results(record, project.root)
    assert not (project.root / "results").exists()


def test_a_file_edited_while_the_notebook_ran_makes_it_run_again(task, good):
    good(changed=("utils/__init__.py",))
    assert task().reason == "utils/__init__.py changed"
    good()
    assert task().reason == ""


def test_a_reduced_run_is_recorded_but_never_over_a_complete_one(project, task, good):
    kept = project.root / "results" / "01_one.quick.json"
    for reduced, date, replaces in (
        ("2 seeds", "2026-01", True),
        ("", "2026-02", True),
        ("x", "2026-03", False),
    ):
        text = project.results(cut={"": reduced}, date=date)
        assert commit_results(good(text), project.root) == ([kept] if replaces else [])
        assert (kept.read_text() == text) == replaces
    assert records.complete_result_date("01_one", "quick", project.root) == "2026-02"
    assert task().result_date == "2026-02"


def test_without_a_complete_result_there_is_no_date(project, task, good):
    assert task().result_date == ""
    good(project.results(cut={"": "x"}))
    assert task().result_date == ""


def claim(verdict, low, high):
    """A claim with this verdict and interval."""
    words = dict.fromkeys(
        ("says", "metric", "unit", "tests", "dull", "task", "reason", "note", "cut"), "words"
    )
    rule = {"key": "key", "relation": "better", "good": "higher", "smallest": 1.0, "source": {}}
    flags = {"timed": False, "prediction": False, "compare": ["ours", "plain"], "seeds": [0, 1]}
    values = {"ours": [1.0, 2.0], "plain": [1.0, 2.0]}
    found = {"effect": (low + high) / 2, "interval": [low, high], "verdict": verdict, "values": values}
    return {**words, **rule, **flags, **found}


def test_a_record_enters_the_history_and_a_word_that_turns_needs_a_reason(project, good):
    history = project.root / "results" / "history.jsonl"
    first = good(project.results(claims=[claim("supported", 1.5, 2.5)]))
    commit_results(first, project.root)
    kept = (project.root / "results" / "01_one.quick.json").read_text()
    turned = good(project.results(claims=[claim("undecided", 0.5, 2.5)]))
    with pytest.raises(FrugalError, match="turns from supported to undecided: say why with --because"):
        commit_results(turned, project.root)
    assert (project.root / "results" / "01_one.quick.json").read_text() == kept
    commit_results(turned, project.root, "a bug was mended")
    words = [(line["word"], line["reason"]) for line in map(json.loads, history.read_text().splitlines())]
    assert words == [("supported", "first record"), ("undecided", "a bug was mended")]


def test_a_run_of_a_changed_checkout_is_not_recorded(project, good):
    results = json.loads(project.results())
    results["provenance"]["dirty"] = True
    record = good(json.dumps(results))
    with pytest.raises(FrugalError, match="changed checkout: commit your changes, run again"):
        commit_results(record, project.root)
    assert not (project.root / "results").exists()
