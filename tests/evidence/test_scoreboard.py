import itertools

import pytest

from utils.evidence import scoreboard, store
from utils.evidence.verdict import CONTRADICTED, NOT_SUPPORTED, SUPPORTED, UNDECIDED

SLUG = "11_bitnet_reloaded"
BETTER, SPREAD, WORSE = [0.5, 1.49, 2.5], [0, 3, 2], [2, 3.01, 4]  # against 1, 2, 3, lower is better


def test_a_claim_stands_on_the_board_even_where_it_was_not_measured(measure):
    measure(WORSE)
    [row] = scoreboard.rows([SLUG, "12_not_measured"])
    assert row.measured["quick"]["verdict"] == CONTRADICTED
    assert row.measured["full"] is None


def test_a_claim_of_the_full_scale_alone_is_listed_after_the_others(measure):
    measure(BETTER, profile="full", key="only-full")
    measure(BETTER, profile="quick", key="quick")
    assert [row.claim["key"] for row in scoreboard.rows([SLUG])] == ["quick", "only-full"]


def test_which_words_exclude_each_other():
    words = (SUPPORTED, NOT_SUPPORTED, CONTRADICTED, UNDECIDED)
    exclusive = [
        pair for pair in itertools.combinations(words, 2) if scoreboard.relation(*pair) == "contradicts"
    ]
    assert exclusive == [(SUPPORTED, NOT_SUPPORTED), (SUPPORTED, CONTRADICTED)]
    for first, second in itertools.product(words, words):
        assert scoreboard.relation(first, second) == scoreboard.relation(second, first)
        assert (scoreboard.relation(first, second) == "agrees") == (first == second)


@pytest.mark.parametrize(
    "there, relation",
    [
        ({"treatment": BETTER}, "agrees"),
        ({"treatment": SPREAD}, "weaker"),
        ({"treatment": WORSE}, "contradicts"),
        ({"treatment": WORSE, "smallest_effect": 0.5}, "other criterion"),
        ({"treatment": WORSE, "key": "unknown-here"}, "only there"),
    ],
)
def test_another_machine_s_verdicts_beside_ours(measure, there, relation):
    theirs = store.read(measure(**there))
    measure(BETTER)
    [agreement] = scoreboard.compare([theirs])
    assert agreement.relation == relation
