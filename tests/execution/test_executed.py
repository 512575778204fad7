"""Prose that changed after a run is shown with the run's outputs; code that changed is refused."""

import copy
import json

import pytest

from utils.errors import FrugalError
from utils.execution import records
from utils.execution.executed import merge, read


def markdown(text):
    return {"cell_type": "markdown", "id": text[:3], "metadata": {}, "source": text}


def code(source, output=None, count=None, tags=()):
    outputs = [{"output_type": "stream", "name": "stdout", "text": output}] if output else []
    metadata = {"tags": list(tags)}
    return {
        "cell_type": "code",
        "id": source[:3],
        "metadata": metadata,
        "source": source,
        "outputs": outputs,
        "execution_count": count,
    }


def notebook(*cells):
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


STORED = notebook(markdown("# One"), code("x = 1"), markdown("Two"), code("print(x)"))
RAN = notebook(
    markdown("# One"),
    code("x = 1", count=1),
    code("x = 2", count=2, tags=["injected-parameters"]),
    markdown("Two"),
    code("print(x)", "2\n", 3),
)
PROSE = {
    "nothing": lambda cells: None,
    "changed": lambda cells: cells[0].update(source="# Other"),
    "moved": lambda cells: cells.append(cells.pop(0)),
    "added": lambda cells: cells.insert(2, markdown("New")),
    "removed": lambda cells: cells.pop(2),
    "a comment": lambda cells: cells[3].update(source="# why\nprint(x)"),
    "lines": lambda cells: cells[3].update(source=["print(\n", "    x\n", ")"]),
    "a tag": lambda cells: cells[3]["metadata"].update(tags=["hide-input"]),
}
CODE = {
    "changed": lambda cells: cells[3].update(source="print(x + 1)"),
    "quiet": lambda cells: cells[3].update(source="print(x);"),
    "swapped": lambda cells: cells.reverse(),
    "split": lambda cells: cells.append(code("pass")),
    "gone": lambda cells: cells.pop(3),
}


def edited(change):
    stored = copy.deepcopy(STORED)
    change(stored["cells"])
    return stored


@pytest.mark.parametrize("name", PROSE)
def test_prose_is_that_of_the_notebook_and_outputs_are_those_of_the_run(name):
    stored = edited(PROSE[name])
    merged = merge(RAN, stored)
    assert [cell["source"] for cell in merged["cells"]] == [cell["source"] for cell in stored["cells"]]
    assert [cell["metadata"] for cell in merged["cells"]] == [cell["metadata"] for cell in stored["cells"]]
    shown = [cell["outputs"][0]["text"] for cell in merged["cells"] if cell.get("outputs")]
    assert shown == ["2\n"]


@pytest.mark.parametrize("name", CODE)
def test_changed_code_is_refused(name):
    assert merge(RAN, edited(CODE[name])) is None


def test_a_run_that_did_not_reach_its_end_is_refused():
    ran = copy.deepcopy(RAN)
    ran["cells"][-1]["execution_count"] = None
    assert merge(ran, STORED) is None


class TestRead:
    @pytest.fixture
    def book(self, project):
        project.module("notebooks/01_one.ipynb", json.dumps(STORED))
        project.module("_build/executed/01_one.quick.ipynb", json.dumps(RAN))
        files = {"executed/01_one.quick.ipynb": records.sha256(json.dumps(RAN).encode())}
        run = ("01_one", "quick", "ok", 1.0, 1.0, 1.0, 1, "", {}, "2026", "cpu", "", files)
        records.write(records.RunRecord(*run), project.root)
        return project

    def test_the_first_profile_that_has_run(self, book):
        assert read("01_one", root=book.root) == read("01_one", ("smoke", "quick"), book.root)

    def test_a_notebook_that_never_ran(self, book):
        with pytest.raises(
            FrugalError, match="01_one has not been executed; call `frugal run 01 --profile smoke`"
        ):
            read("01_one", ("smoke",), book.root)

    def test_a_notebook_that_has_changed(self, book):
        book.module("notebooks/01_one.ipynb", json.dumps(edited(CODE["changed"])))
        with pytest.raises(
            FrugalError, match="01_one has changed since it was executed; call `frugal run 01"
        ):
            read("01_one", root=book.root)

    @pytest.mark.parametrize("text", ["", '{"cells": [', "[]", "{}", '{"cells": [{}]}'])
    def test_a_damaged_run(self, book, text):
        book.module("_build/executed/01_one.quick.ipynb", text)
        with pytest.raises(FrugalError, match=r"cannot be shown: .*quick\.ipynb is not what its run"):
            read("01_one", root=book.root)
