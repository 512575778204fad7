"""The rule from interval to word, on every relation that an interval can have to the smallest effect."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.evidence.verdict import CONTRADICTED, NOT_SUPPORTED, SUPPORTED, UNDECIDED, decide

NUMBERS = st.floats(-10, 10)
INTERVALS = st.tuples(NUMBERS, NUMBERS).map(sorted)
KINDS = st.sampled_from(["better", "as good", "no difference"])


@pytest.mark.parametrize(
    "low, high, better, as_good, no_difference",
    [
        (1, 2, SUPPORTED, SUPPORTED, CONTRADICTED),
        (0.5, 2, UNDECIDED, SUPPORTED, UNDECIDED),
        (-0.5, 0.5, NOT_SUPPORTED, SUPPORTED, SUPPORTED),
        (-0.5, 1, UNDECIDED, SUPPORTED, UNDECIDED),
        (-1, 0.5, NOT_SUPPORTED, UNDECIDED, UNDECIDED),
        (-2, 2, UNDECIDED, UNDECIDED, UNDECIDED),
        (-2, -0.5, NOT_SUPPORTED, UNDECIDED, UNDECIDED),
        (-2, -1, CONTRADICTED, CONTRADICTED, CONTRADICTED),
    ],
)
def test_words_at_a_smallest_effect_of_one(low, high, better, as_good, no_difference):
    assert decide("better", low, high, 1) == better
    assert decide("as good", low, high, 1) == as_good
    assert decide("no difference", low, high, 1) == no_difference


@given(INTERVALS, st.floats(0.01, 5))
def test_swapping_the_arms_of_better_turns_support_into_contradiction(interval, smallest):
    low, high = interval
    word, swapped = decide("better", low, high, smallest), decide("better", -high, -low, smallest)
    assert (word == SUPPORTED) == (swapped == CONTRADICTED)


@given(INTERVALS, st.floats(0.01, 5))
def test_swapping_the_arms_of_no_difference_changes_nothing(interval, smallest):
    low, high = interval
    assert decide("no difference", low, high, smallest) == decide("no difference", -high, -low, smallest)


@given(KINDS, INTERVALS, st.floats(0.01, 5), st.sampled_from([0.125, 8.0]))
def test_units_do_not_change_the_word(kind, interval, smallest, unit):
    low, high = interval
    assert decide(kind, low, high, smallest) == decide(kind, low * unit, high * unit, smallest * unit)


@given(INTERVALS, st.floats(0.01, 5))
def test_better_implies_as_good(interval, smallest):
    if decide("better", *interval, smallest) == SUPPORTED:
        assert decide("as good", *interval, smallest) == SUPPORTED


@given(KINDS, INTERVALS, st.floats(0, 5), st.floats(0.01, 5))
def test_a_wider_interval_never_turns_one_firm_word_into_the_opposite(kind, interval, extra, smallest):
    low, high = interval
    words = {decide(kind, low, high, smallest), decide(kind, low - extra, high + extra, smallest)}
    assert not {SUPPORTED, CONTRADICTED} <= words
