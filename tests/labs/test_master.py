"""Reading masters: the parts of an exercise, and masters that are malformed."""

import nbformat
import pytest
from nbformat.v4 import new_notebook, new_raw_cell

from utils.errors import FrugalError
from utils.labs.master import master_path, read, without_markers


def test_parts_of_an_exercise(tiny, tmp_path):
    lab = read(master_path("99_doubling", tiny.write(tmp_path)))
    (question,) = lab.questions
    assert (question.name, question.points, question.manual) == ("double", 3, False)
    assert question.solution() == "def double(x):\n    return 2 * x"
    assert question.sources("reasoning") == ["Doubling is adding a number to itself."]
    assert len(question.sources("tests")) == 2
    title, first = (block.source for block in lab.blocks if block is not question)
    assert (title, first.splitlines()[0]) == ("# A lab", "import torch")
    with pytest.raises(FrugalError, match="it has double"):
        lab.question("triple")


def test_markers_are_removed_and_prompts_with_them():
    prompt = '""" # BEGIN PROMPT\nb = ...\n""" # END PROMPT\n'
    code = f"a = 1  # SOLUTION\n{prompt}# BEGIN SOLUTION NO PROMPT\nb = 2\n# END SOLUTION\n"
    assert without_markers(code) == "a = 1\nb = 2"


@pytest.mark.parametrize(
    "blocks",
    [
        ["# BEGIN QUESTION\nname: a\npoints: 1"],
        ["# BEGIN SOLUTION", "# END SOLUTION"],
        ["# END QUESTION"],
        ["# BEGIN QUESTION\nname: a\npoints: 1", "# BEGIN TESTS", "# END SOLUTION"],
        ["# BEGIN QUESTION\nname: a\npoints: 1", "# BEGIN QUESTION\nname: b\npoints: 1"],
    ],
)
def test_blocks_must_open_and_close_in_turn(blocks, tmp_path):
    path = tmp_path / "bad.ipynb"
    nbformat.write(new_notebook(cells=[new_raw_cell(block) for block in blocks]), path)
    with pytest.raises(FrugalError, match=r"never closed|stands where it cannot"):
        read(path)


def test_missing_and_broken_masters_have_a_sentence(tmp_path):
    with pytest.raises(FrugalError, match="has no lab"):
        master_path("98_missing", tmp_path)
    (tmp_path / "97_broken.ipynb").write_text("{")
    with pytest.raises(FrugalError, match="is not a notebook"):
        read(tmp_path / "97_broken.ipynb")
