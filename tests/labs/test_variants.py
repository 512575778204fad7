"""Variants: the same number for a student at every time, and in the notebook where the set-up names it."""

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from utils.errors import FrugalError
from utils.labs.variants import BOOK, LARGEST, draw, variant_in, variant_of, with_variant


def notebook(source="import torch\n\nVARIANT = 0  # yours\nx = 1"):
    return new_notebook(cells=[new_markdown_cell("VARIANT = 7"), new_code_cell(source)])


def test_a_student_has_one_variant_in_a_course():
    assert variant_of("blue", "k1234") == 821_259_501
    assert variant_of("blue", " K1234 ") == variant_of("blue", "k1234")
    assert variant_of("red", "k1234") != variant_of("blue", "k1234")
    many = {variant_of("blue", f"k{number}") for number in range(2000)}
    assert len(many) == 2000


@given(st.text(), st.text())
def test_no_student_gets_the_variant_of_the_book(secret, student):
    assert BOOK < variant_of(secret, student) <= LARGEST


def test_draws_are_the_same_everywhere_and_differ_between_variants_and_exercises():
    assert draw(3, "by_hand").randrange(10**6) == 468_306
    numbers = {draw(v, e).randrange(10**9) for v in range(20) for e in ("a", "b")}
    assert len(numbers) == 40


def test_the_line_is_replaced_and_read_again():
    old = notebook()
    new = with_variant(old, 12)
    assert (variant_in(old), variant_in(new)) == (0, 12)
    assert new.cells[1].source == "import torch\n\nVARIANT = 12  # yours\nx = 1"
    assert new.cells[0].source == "VARIANT = 7"


def test_a_source_that_is_a_list_of_lines_stays_one():
    raw = notebook()
    raw.cells[1]["source"] = ["import torch\n", "VARIANT = 0\n", "x = 1"]
    assert with_variant(raw, 5).cells[1]["source"] == ["import torch\n", "VARIANT = 5\n", "x = 1"]
    assert nbformat.writes(with_variant(raw, 5))


def test_a_notebook_without_variants_has_a_sentence():
    assert variant_in(notebook("x = 1")) is None
    with pytest.raises(FrugalError, match="no line 'VARIANT = 0'"):
        with_variant(notebook("x = 1"), 3)
