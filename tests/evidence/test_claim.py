import math

import pytest

from utils.errors import FrugalError


@pytest.mark.parametrize(
    "field, value",
    [
        ("key", "Twice Width"),
        ("key", ""),
        ("text", " "),
        ("paper", ""),
        ("place", ""),
        ("metric", ""),
        ("unit", ""),
        ("certainty", "recalled"),
        ("better", "bigger"),
        ("kind", "equal"),
        ("smallest_effect", 0),
        ("smallest_effect", -1),
        ("smallest_effect", math.nan),
    ],
)
def test_a_bad_field_is_refused_by_name(claim, field, value):
    with pytest.raises(FrugalError, match=field):
        claim(**{field: value})


def test_a_claim_cannot_be_changed_after_the_fact(claim):
    with pytest.raises(AttributeError):
        claim().smallest_effect = 0.5
