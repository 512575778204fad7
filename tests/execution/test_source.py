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


def change_code(source):
    return lambda nb: nb["cells"][2].update(source=source)


CHANGES = {
    "code": change_code("x = 2"),
    "semicolon": change_code("x = 1;"),
    "semicolon before a comment": change_code("x = 1; # quiet"),
    "a string to show": change_code('"shown"\nx = 1'),
    "magic": change_code("%time x = 1"),
    "tag": lambda nb: nb["cells"][2]["metadata"].update(tags=["raises-exception"]),
    "order": lambda nb: nb["cells"].reverse(),
    "number": lambda nb: nb["cells"].append(nb["cells"][2]),
}
NO_CHANGES = {
    "outputs": lambda nb: nb["cells"][2].update(outputs=[{"output_type": "stream"}], execution_count=3),
    "times": lambda nb: nb["cells"][2]["metadata"].update(execution={"shell.execute_reply": "12:00"}),
    "editor": lambda nb: nb["cells"][2]["metadata"].update(collapsed=True, jupyter={"source_hidden": True}),
    "display": lambda nb: nb["cells"][2]["metadata"].update(tags=["hide-input"]),
    "kernel": lambda nb: nb["metadata"]["kernelspec"].update(display_name="Python 3 (ipykernel)"),
    "Python": lambda nb: nb["metadata"].update(language_info={"version": "3.12"}),
    "lines": change_code(["x =", " 1"]),
    "layout": change_code("x = (\n    1  # one\n)\n\n"),
    "prose": lambda nb: nb["cells"][0].update(source="# Other"),
    "more prose": lambda nb: nb["cells"].insert(1, nb["cells"][0]),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_counts(changed, name):
    assert changed(CHANGES[name])


@pytest.mark.parametrize("name", NO_CHANGES)
def test_what_does_not_run_is_no_change(changed, name):
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
