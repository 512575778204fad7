"""What counts as a change of a notebook, and which parameters it has."""

import json

import pytest

from utils.errors import FrugalError
from utils.execution.source import Source, load


@pytest.fixture
def changed(project):
    """Whether the digest differs after a change of the notebook's content."""
    project.chapter("01_one", "x = 1")
    source = load("01_one", project.root)

    def of(change) -> bool:
        content = json.loads(source.text)
        change(content)
        return Source("01_one", json.dumps(content)).digest() != source.digest()

    return of


CHANGES = {
    "code": lambda nb: nb["cells"][2].update(source="x = 2"),
    "prose": lambda nb: nb["cells"][0].update(source="# Other"),
    "tags": lambda nb: nb["cells"][2]["metadata"].update(tags=["hide-input"]),
    "order": lambda nb: nb["cells"].reverse(),
    "kernel": lambda nb: nb["metadata"]["kernelspec"].update(name="other"),
}
NO_CHANGES = {
    "outputs": lambda nb: nb["cells"][2].update(outputs=[{"output_type": "stream"}], execution_count=3),
    "times": lambda nb: nb["cells"][2]["metadata"].update(execution={"shell.execute_reply": "12:00"}),
    "Python": lambda nb: nb["metadata"].update(language_info={"version": "3.12"}),
    "lines": lambda nb: nb["cells"][2].update(source=["x =", " 1"]),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_counts(changed, name):
    assert changed(CHANGES[name])


@pytest.mark.parametrize("name", NO_CHANGES)
def test_running_or_saving_is_no_change(changed, name):
    assert not changed(NO_CHANGES[name])


def test_parameters_and_defaults(project):
    project.chapter("01_one", "other = 2", parameters="seed = 0\nrate = 0.1\nsizes = list(range(3))")
    assert load("01_one", project.root).parameters() == {"seed": 0, "rate": 0.1, "sizes": None}


def test_a_missing_notebook_is_named(project):
    with pytest.raises(FrugalError, match="07_none has no notebook"):
        load("07_none", project.root)


@pytest.mark.parametrize("text", ["", "no JSON", "[]", "{}", '{"cells": [{}]}', '{"cells": 3}'])
def test_a_broken_notebook_is_named(project, text):
    project.module("notebooks/01_one.ipynb", text)
    with pytest.raises(FrugalError, match=r"01_one\.ipynb is not a valid notebook"):
        load("01_one", project.root)
