"""Whatever was done to the file, what works has its marks."""

import json
import random
import resource

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from tests.grading.conftest import POINTS, SOLUTIONS, notebook, points
from utils.grading.cases import cases_of


def without_ids(made):
    made.nbformat_minor = 4
    for cell in made.cells:
        cell.pop("id", None)
    return made


def without_metadata(made):
    made.metadata = {}
    for cell in made.cells:
        cell.metadata = {}
    return without_ids(made)


def other_kernel(made):
    made.metadata["kernelspec"] = {"name": ".venv", "display_name": "mine", "language": "python"}
    return made


def without_setup(made):
    made.cells = [cell for cell in made.cells if cell.id != "setup"]
    return made


def without_checks(made):
    made.cells = [cell for cell in made.cells if "grader.check" not in cell.source]
    return made


def reordered(made):
    random.Random(1).shuffle(made.cells)
    return made


def doubled(made):
    made.cells = [cell.copy() for cell in made.cells for _ in range(2)]
    return made


def retyped(made):
    """Answers in new cells at the end, below everything."""
    answers = [cell for cell in made.cells if cell.id.startswith("solution-") and cell.cell_type == "code"]
    made.cells = [cell for cell in made.cells if cell not in answers]
    made.cells += [new_code_cell(cell.source) for cell in answers]
    return made


def repaired_below(made):
    for cell in made.cells:
        if cell.id == "solution-double":
            cell.source = "def double(x):\n    return x"
    made.cells.append(new_code_cell("def double(x):\n    return x + x"))
    return made


def with_magics(made):
    made.cells.insert(1, new_code_cell("%matplotlib inline\n!pip install something\nimport math"))
    for cell in made.cells:
        if cell.id == "solution-double":
            cell.source = "%%time\n" + cell.source
    return made


def with_helper(made):
    place = next(i for i, cell in enumerate(made.cells) if cell.id == "solution-double")
    made.cells[place].source = "def double(x):\n    return helper(x, 2)"
    made.cells.insert(place, new_code_cell("def helper(x, n):\n    return n * x"))
    return made


def overwritten_later(made):
    made.cells.append(new_code_cell("triple_of = 3\nx = 5\nworld = None\ndel double"))
    return made


def without_the_grader(made):
    made.cells.insert(2, new_code_cell("del grader\ninput('name?')"))
    return made


def with_code_in_the_given_cell(made):
    for cell in made.cells:
        if cell.id == "setup":
            cell.source += "\nimport numpy as np\ntwo = np.array(2)"
        if cell.id == "solution-double":
            cell.source = "def double(x):\n    return x * int(two)"
    return made


CHANGES = [
    without_ids, without_metadata, other_kernel, without_setup, without_checks, reordered, doubled, retyped,
    repaired_below, with_magics, with_helper, overwritten_later, without_the_grader,
    with_code_in_the_given_cell,
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_changed_notebook_keeps_its_marks(change, hand_in):
    marked = hand_in(change=change)
    assert points(marked) == POINTS, [v.message for v in marked.verdicts]


def test_a_syntax_error_costs_its_exercise_alone(hand_in):
    marked = hand_in(double="def double(x:\n    return")
    assert points(marked) == POINTS | {"double": 0}
    assert marked.stopped[0][0] == "double"
    assert marked.stopped[0][1].startswith("SyntaxError")


def test_a_deleted_answer_costs_its_exercise_alone(hand_in):
    def change(made):
        made.cells = [cell for cell in made.cells if cell.id != "solution-most"]
        return made

    assert points(hand_in(change=change)) == POINTS | {"most": 0}


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"{}", b"null", b"\xff\xfe\x00", b"PK\x03\x04", b'{"cells": 3}', b"[" * 100_000],
    ids=range(9),
)
def test_what_is_no_notebook_has_no_marks_and_a_reason(content, judge, tmp_path):
    path = tmp_path / "broken.ipynb"
    path.write_bytes(content)
    marked = judge.mark(path, 1)
    assert set(points(marked).values()) == {0}
    assert "not a notebook" in marked.reason


def test_an_old_notebook_and_one_with_large_outputs_are_read(judge, lab, tmp_path):
    made = notebook(lab["student"])
    cells = [{"cell_type": "code", "input": source} for source in SOLUTIONS.values()]
    old = {"nbformat": 3, "worksheets": [{"cells": cells}]}
    path = tmp_path / "old.ipynb"
    path.write_text(json.dumps(old), encoding="utf-8")
    assert points(judge.mark(path, 1)) == POINTS
    output = nbformat.v4.new_output("stream", text="x" * (100 << 20))
    next(cell for cell in made.cells if cell.cell_type == "code").outputs = [output]
    path.write_text("\ufeff" + nbformat.writes(made), encoding="utf-8")
    assert points(judge.mark(path, 1)) == POINTS


def test_the_untouched_notebook_has_no_marks(judge, lab):
    assert set(points(judge.mark(lab["student"], 1)).values()) == {0}


def test_written_answers_are_gathered(hand_in):
    def change(made):
        made.cells.append(new_markdown_cell("Because *I* said so."))
        return made

    assert hand_in(change=change).written == {"defend": "Because *I* said so."}


def test_hidden_inputs_are_fresh_for_each_submission_and_the_same_again(hand_in, judge):
    source = "seen = []\ndef triple(x):\n    raise ValueError(str(x.tolist()))"
    texts = [cases_of("triple", judge.checks["triple"], seed) for seed in (1, 1, 2)]
    drawn = [[case.function.__code__.co_consts for case in cases if case.hidden] for cases in texts]
    assert drawn[0] == drawn[1] != drawn[2]
    hidden = [v for v in hand_in(triple=source).verdicts if v.hidden and v.exercise == "triple"]
    assert hidden[0].message == "your code stopped with ValueError on inputs that you cannot see"


def test_nothing_that_a_hidden_check_hands_over_comes_back_in_a_message(hand_in):
    """A cell or public check that runs later could carry hidden inputs into the feedback."""
    spy = "def triple(x):\n    with open('/tmp/seen', 'a') as f: f.write(str(x.tolist()))\n    return 3 * x"
    tell = "def double(x):\n    raise ValueError(open('/tmp/seen').read())"
    marked = hand_in(triple=spy, double=tell)
    public = [v.message for v in marked.verdicts if v.exercise == "double" and not v.hidden]
    assert public[0].count("[") == 1  # the public example of exercise 1, and no other input


def test_the_judges_memory_is_free_again_after_a_submission(judge, lab):
    before = resource.getrlimit(resource.RLIMIT_AS)
    judge.mark(lab["student"], 1)
    assert resource.getrlimit(resource.RLIMIT_AS) == before
