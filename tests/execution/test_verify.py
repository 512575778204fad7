"""A run counts only when it ran: each way of ending early without an error is a failure."""

import json
from dataclasses import replace

import pytest

from utils.execution.keep import commit_results, keep
from utils.execution.verify import problem

NAN = '{"schema": 2, "chapter": "01_one", "profile": "quick", "claims": [], "metrics": {"a": NaN}}'
NAME = "01_one.quick.json"


@pytest.fixture
def task(project):
    project.chapter("01_one", "x = 1", "", "y = 2")
    return project.task("01_one")


def changed(outcome, change):
    """The outcome with its notebook's cells changed."""
    content = json.loads(outcome.notebook)
    change(content["cells"])
    return replace(outcome, notebook=json.dumps(content))


def error(name):
    return {"output_type": "error", "ename": name, "evalue": "0", "traceback": []}


def test_a_whole_run_counts(project, task):
    assert problem(task, project.executed(task), project.root) == ""


@pytest.mark.parametrize(
    "change, said",
    [
        (lambda cells: cells[-1].update(execution_count=None), "did not run its cell 5"),
        (lambda cells: cells[2]["outputs"].append(error("SystemExit")), "was ended by SystemExit in cell 3"),
        (lambda cells: cells.pop(), "came back as another notebook"),
        (lambda cells: cells[2].update(source="x = 2"), "came back as another notebook"),
        (lambda cells: cells[2].pop("outputs"), "came back damaged"),
    ],
)
def test_a_run_that_stopped_early_does_not(project, task, change, said):
    assert said in problem(task, changed(project.executed(task), change), project.root)


def test_an_error_that_the_notebook_wants_to_show_is_none(project, task):
    def change(cells):
        cells[2]["outputs"].append(error("ValueError"))
        cells[2]["metadata"]["tags"] = ["raises-exception"]

    wanted = changed(project.executed(task), change)
    assert problem(task, wanted, project.root) == ""


@pytest.mark.parametrize("notebook", ["", "{", "[]", '{"cells": 3}', '{"cells": [3]}'])
def test_a_damaged_notebook_does_not_count(project, task, notebook):
    outcome = replace(project.executed(task), notebook=notebook)
    assert "came back damaged" in problem(task, outcome, project.root)


@pytest.mark.parametrize(
    "results, said",
    [
        ({"02_two.quick.json": "{}"}, "under another name than 01_one.quick.json (02_two.quick.json)"),
        ({NAME: "half"}, "cannot be read as JSON"),
        ({NAME: NAN}, "it holds NaN"),
    ],
)
def test_unusable_results_are_a_failure(project, task, results, said):
    outcome = replace(project.executed(task), results=results)
    assert said in problem(task, outcome, project.root)


def test_another_profiles_results_are_a_failure(project, task):
    outcome = project.executed(task, project.results(profile="smoke"))
    assert "holds the results of 01_one at profile smoke" in problem(task, outcome, project.root)


@pytest.mark.parametrize("recorded", [False, True])
def test_results_that_were_saved_before_must_be_saved_again(project, task, recorded):
    record = keep(task, project.executed(task), project.root)
    if recorded:
        commit_results(record, project.root)
        project.built("results", NAME).unlink()
    outcome = replace(project.executed(task), results={})
    place = "results" if recorded else "_build/results"
    assert f"did not save {NAME} again (if it no longer should, delete it in {place})" in problem(
        task, outcome, project.root
    )
