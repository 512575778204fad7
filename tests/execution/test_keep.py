"""Keeping outcomes: the last good result survives every failure and every crash."""

import json
from dataclasses import replace

import pytest

from utils.execution import keep as keeping
from utils.execution import records
from utils.execution.keep import commit_results, keep
from utils.execution.notebook import Outcome

RESULT = '{"provenance": {"date": "2026-01-01"}}'
GOOD = Outcome(
    '{"cells": [], "metadata": {"papermill": {"duration": 1}}}', {"01_one.quick.json": RESULT}, 2.0, 9
)
BAD = Outcome('{"cells": [], "metadata": {}}', {"01_one.quick.json": "half"}, 1.0, 5, "ValueError: no")


@pytest.fixture
def task(project):
    project.chapter("01_one", "import utils")
    return lambda: project.task("01_one")


def test_success(project, task):
    record = keep(task(), GOOD, project.root)
    assert (record.status, record.seconds, record.peak_memory_bytes, record.error) == ("ok", 2.0, 9, "")
    assert records.all_records(project.root) == [record]
    assert project.built("results", "01_one.quick.json").read_text() == RESULT
    executed = json.loads(project.built("executed", "01_one.quick.ipynb").read_text())
    assert executed == {"cells": [], "metadata": {}}


def test_a_first_failure_leaves_no_result(project, task):
    record = keep(task(), BAD, project.root)
    assert (record.status, record.error, record.results) == ("failed", "ValueError: no", [])
    assert not project.built("results").exists()
    assert not project.built("executed", "01_one.quick.ipynb").exists()
    assert project.built("executed", "01_one.quick.failed.ipynb").exists()


def test_a_failure_keeps_the_last_good_result_and_marks_it_old(project, task):
    good = keep(task(), GOOD, project.root)
    for _ in range(2):
        record = keep(task(), BAD, project.root)
        assert record == good.failed_again("ValueError: no")
        assert record.status == "old"
    assert project.built("results", "01_one.quick.json").read_text() == RESULT
    assert keep(task(), GOOD, project.root).status == "ok"
    assert not project.built("executed", "01_one.quick.failed.ipynb").exists()


def test_results_under_another_chapters_name_are_a_failure(project, task):
    record = keep(task(), Outcome(GOOD.notebook, {"02_two.quick.json": RESULT}, 1.0, 1), project.root)
    assert record.status == "failed"
    assert "another chapter's name (02_two.quick.json)" in record.error


@pytest.mark.parametrize("crash_at", range(3))
def test_a_crash_between_two_files_makes_the_notebook_run_again(project, task, monkeypatch, crash_at):
    keep(task(), GOOD, project.root)
    write, left = keeping.write_atomic, iter(range(crash_at))

    def crash(path, content):
        if next(left, None) is None:
            raise KeyboardInterrupt
        write(path, content)

    monkeypatch.setattr(keeping, "write_atomic", crash)
    monkeypatch.setattr(records, "write_atomic", crash)
    with pytest.raises(KeyboardInterrupt):
        keep(task(), GOOD, project.root)
    assert task().reason == "never ran"


def test_results_are_copied_for_git(project, task):
    record = keep(task(), GOOD, project.root)
    assert commit_results(record, project.root) == [project.root / "results" / "01_one.quick.json"]
    assert (project.root / "results" / "01_one.quick.json").read_text() == RESULT


def test_a_file_edited_while_the_notebook_ran_makes_it_run_again(project, task):
    keep(task(), replace(GOOD, changed=("utils/__init__.py",)), project.root)
    assert task().reason == "utils/__init__.py changed"
    keep(task(), GOOD, project.root)
    assert task().reason == ""


def results(reduced: str, date: str) -> str:
    return json.dumps({"reduced": reduced, "provenance": {"date": date}})


def test_a_reduced_run_is_recorded_but_never_over_a_complete_one(project, task):
    kept = project.root / "results" / "01_one.quick.json"
    for reduced, date, replaces in (
        ("2 seeds", "2026-01", True),
        ("", "2026-02", True),
        ("x", "2026-03", False),
    ):
        text = results(reduced, date)
        record = keep(task(), Outcome(GOOD.notebook, {kept.name: text}, 1.0, 1), project.root)
        assert commit_results(record, project.root) == ([kept] if replaces else [])
        assert (kept.read_text() == text) == replaces
    assert records.complete_result_date("01_one", "quick", project.root) == "2026-02"
    assert task().result_date == "2026-02"


def test_without_a_complete_result_there_is_no_date(project, task):
    assert task().result_date == ""
    keep(task(), Outcome(GOOD.notebook, {"01_one.quick.json": results("x", "2026-01")}, 1.0, 1), project.root)
    assert task().result_date == ""
