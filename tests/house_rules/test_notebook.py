"""Each change below breaks one rule of a notebook, and its sentence says which."""

import copy
import json

import pytest

from utils.house_rules import notebook
from utils.paths import NOTEBOOKS

SLUG = "11_bitnet_reloaded"
NOTEBOOK = json.loads((NOTEBOOKS / f"{SLUG}.ipynb").read_text(encoding="utf-8"))


def code(content):
    return [cell for cell in content["cells"] if cell["cell_type"] == "code"]


def too_long(content):
    code(content)[3]["source"] = "x = 1\n" * 26


def three_in_a_row(content):
    content["cells"] = [*content["cells"], *copy.deepcopy(code(content)[1:4])]


def unchecked_output(content):
    cell = next(cell for cell in code(content) if not cell["outputs"])
    cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "3"}]


def own_drawing(content):
    code(content)[3]["source"] = "plt.plot(x)"


def filler(content):
    content["cells"][0]["source"] = "This is obviously so."


def no_predictions(content):
    for cell in content["cells"]:
        cell["source"] = "".join(cell["source"]).replace("**Predict first", "**Later")


def no_save(content):
    code(content)[-1]["source"] = "pass"


def no_verdict(content):
    for cell in code(content):
        cell["source"] = "".join(cell["source"]).replace("judge(", "guess(")


def nothing_checked(content):
    for cell in code(content):
        cell["metadata"]["tags"], cell["outputs"] = [], []


def no_lab(content):
    for cell in content["cells"]:
        cell["source"] = "".join(cell["source"]).replace(f"../labs/{SLUG}.ipynb", "lab")


@pytest.mark.parametrize(
    "spoil, said",
    [
        (too_long, "has 26 lines"),
        (three_in_a_row, "code cells in a row"),
        (unchecked_output, "outputs that nothing checks"),
        (own_drawing, "draws past utils.figures"),
        (filler, "says 'obviously'"),
        (no_predictions, "asks for 0 predictions"),
        (no_save, "never calls .save()"),
        (no_verdict, "never calls judge("),
        (nothing_checked, "no worked example"),
        (no_lab, "does not link ../labs/"),
    ],
)
def test_each_rule_fails_when_it_is_broken(spoil, said):
    content = copy.deepcopy(NOTEBOOK)
    assert list(notebook.problems(content, SLUG)) == []
    spoil(content)
    assert any(said in problem for problem in notebook.problems(content, SLUG))


def test_copied_code_is_noticed_in_whichever_notebook_is_shorter():
    short = {"cells": code(NOTEBOOK)[:12]}
    assert list(notebook.copied({"11_one": NOTEBOOK, "12_two": short})) != []
    other = {
        "cells": [{"cell_type": "code", "metadata": {}, "source": "quite_another_line(1)\nand_one_more(2)"}]
    }
    assert list(notebook.copied({"11_one": NOTEBOOK, "12_two": other})) == []
