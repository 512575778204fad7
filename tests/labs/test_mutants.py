"""Mutants: one change each, every kind of change."""

import ast

import pytest

from utils.labs.master import Cell, Question
from utils.labs.mutants import mutants


def changes(code: str) -> set[str]:
    found = mutants(Question("q", 1, False, [Cell("solution", code)]))
    assert all(ast.parse(mutant.source) for mutant in found)
    assert len({mutant.source for mutant in found}) == len(found), "two mutants are the same program"
    assert ast.unparse(ast.parse(code)) not in {mutant.source for mutant in found}
    return {mutant.change.partition(", ")[2] for mutant in found}


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("y = a + b", "`a + b` -> `a - b`"),
        ("y = a < b", "`a < b` -> `a <= b`"),
        ("y = a and b", "`a and b` -> `a or b`"),
        ("y = -a", "`-a` -> `a`"),
        ("y = 5", "`5` -> `6`"),
        ("y = x.mean(dim=1)", "`1` -> `0`"),
        ("y = x.mean(dim=1)", "`x.mean` -> `x.sum`"),
        ("y = x.detach()", "`x.detach()` -> `x`"),
        ("y = f(a, b)", "`f(a, b)` -> `f(b, a)`"),
        ("y = a if c else b", "`a if c else b` -> `b`"),
        ("y = f(flag=True)", "`True` -> `False`"),
        ("y = 0.5", "`0.5` -> `1.0`"),
    ],
)
def test_every_kind_of_change_is_made(code, change):
    assert change in changes(code)


def test_code_without_anything_to_change_has_no_mutants():
    assert changes("y = x") == set()
