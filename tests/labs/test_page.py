"""The page of a lab: every task, hints behind a fold, and solutions only where they are asked for."""

import pytest

from utils.chapters import written
from utils.labs.master import master_path, read
from utils.labs.page import render
from utils.labs.secrecy import told


@pytest.fixture(params=[chapter.slug for chapter in written()])
def lab(request):
    return read(master_path(request.param))


def test_no_solution_is_on_the_page(lab):
    text = render(lab)
    assert "{dropdown} Hint" in text
    assert "<details>" not in text
    assert "{dropdown} Solution" not in text
    assert told(lab, text) == []


def test_solutions_that_are_asked_for_are_folded(lab):
    text = render(lab, solutions=True)
    assert text.count("``````{dropdown} Solution") == len(lab.questions)
    assert all(question.solution_markdown() in text for question in lab.questions)
    assert told(lab, text)
