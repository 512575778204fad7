"""Reading the answers kept beside a lab: replacements that fail loudly, and faulty files."""

from dataclasses import replace

import pytest

from utils.errors import FrugalError
from utils.labs.answers import read_answers
from utils.labs.master import master_path, read


def answers_of(lab, folder):
    return read_answers(read(master_path("99_doubling", lab.write(folder))), folder)


def test_replacements_and_written_answers_are_read(tiny, tmp_path):
    square, total, half = answers_of(tiny, tmp_path)
    assert (square.exercise, square.name, square.kind, square.says) == (
        "double",
        "square",
        "wrong",
        "Squares.",
    )
    assert square.message == "counted twice"
    assert square.source == "def double(x):\n    return x * x"
    assert (total.kind, total.message) == ("right", "")
    assert half.source == "def double(x):\n    return x / 0.5\n"


def test_a_lab_without_a_file_has_no_answers(tiny, tmp_path):
    lab = read(master_path("99_doubling", tiny.write(tmp_path)))
    assert read_answers(lab, tmp_path / "elsewhere") == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[[2 * x, x * x]]", "[[3 * x, x * x]]", r"double, wrong square: .* once, not 0 times: '3 \* x'"),
        ("[[2 * x, x * x]]", "[[x, y]]", "once, not 2 times"),
        ("double:", "triple:", "no exercise 'triple'; it has double"),
        ("      message: counted twice\n", "", "double, wrong square: .* a wrong one its `message`"),
        ("      says: Squares.\n", "", "double, wrong square: give it a sentence"),
        ("  right:", "  rigth:", "the kinds are wrong, right, equivalent"),
        ("      code: |", "      replace: [[x, y]]\n      code: |", "double, right half: "),
        ("    half:", "    sum:", "'sum' stands twice"),
        ("double:", "double: [", "99_doubling.yml: "),
        ("  wrong:\n", "  - wrong:\n", "99_doubling.yml: "),
    ],
)
def test_a_faulty_file_has_a_sentence(tiny, tmp_path, old, new, said):
    assert old in tiny.answers
    with pytest.raises(FrugalError, match=said):
        answers_of(replace(tiny, answers=tiny.answers.replace(old, new)), tmp_path)
