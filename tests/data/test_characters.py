"""Alphabets and codes by hand."""

import pytest

from utils.data.characters import OTHER, alphabet_of, encode
from utils.errors import FrugalError


def test_alphabet_keeps_the_most_frequent_in_order():
    assert alphabet_of("cccbbaaaad", 3) == "ac" + OTHER
    assert alphabet_of("ba", 9) == "ab" + OTHER


def test_equal_counts_are_broken_by_code_point():
    assert alphabet_of("zyx", 3) == "xy" + OTHER


def test_characters_outside_get_the_last_code():
    assert encode("abz", "ab" + OTHER).tolist() == [0, 1, 2]


@pytest.mark.parametrize(("text", "size"), [("", 5), ("abc", 1)])
def test_nothing_to_build_from_is_said(text, size):
    with pytest.raises(FrugalError, match="alphabet"):
        alphabet_of(text, size)
