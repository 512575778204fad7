"""Parameters: read as values, refused before anything runs."""

import pytest

from utils.errors import FrugalError
from utils.execution.parameters import check, parse
from utils.execution.source import load


def test_text_becomes_values():
    pairs = (("seed", "3"), ("rate", "0.1"), ("slow", "true"), ("name", "two words"), ("sizes", "[1, 2]"))
    assert parse(pairs) == {"seed": 3, "rate": 0.1, "slow": True, "name": "two words", "sizes": [1, 2]}


@pytest.mark.parametrize("name", ["profile", "device"])
def test_own_options_are_refused(name):
    with pytest.raises(FrugalError, match=f"set {name} with --{name}"):
        parse(((name, "quick"),))


def test_unreadable_value():
    with pytest.raises(FrugalError, match="cannot read"):
        parse((("sizes", "[1, 2"),))


def test_unknown_name_lists_those_that_exist(project):
    project.chapter("01_one")
    with pytest.raises(FrugalError, match="no parameter 'sed'; it has: profile, device, seed"):
        check(load("01_one", project.root), {"sed": 1})


def test_no_parameters_cell(project):
    project.chapter("01_one", parameters="")
    with pytest.raises(FrugalError, match="it has: none"):
        check(load("01_one", project.root), {"profile": "quick"})


@pytest.mark.parametrize("value", ["three", 0.5, True])
def test_other_type(project, value):
    project.chapter("01_one")
    with pytest.raises(FrugalError, match="takes a whole number such as 0"):
        check(load("01_one", project.root), {"seed": value})


def test_a_whole_number_may_stand_for_a_float_and_computed_defaults_take_anything(project):
    project.chapter("01_one", parameters="rate = 0.1\nsizes = list(range(3))")
    check(load("01_one", project.root), {"rate": 1, "sizes": [1]})
