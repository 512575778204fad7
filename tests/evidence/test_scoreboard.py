import itertools

import pytest

from utils.evidence import scoreboard, store
from utils.evidence.verdict import CONTRADICTED, FAILS, HOLDS, NOT_SUPPORTED, SUPPORTED, UNDECIDED

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
    assert scoreboard.relation(HOLDS, FAILS) == "contradicts"
    for first, second in itertools.product(words, words):
        assert scoreboard.relation(first, second) == scoreboard.relation(second, first)
        assert (scoreboard.relation(first, second) == "agrees") == (first == second)


@pytest.mark.parametrize(
    "there, relation",
    [
        ({"treatment": BETTER}, "agrees"),
        ({"treatment": SPREAD}, "turns"),
        ({"treatment": WORSE}, "contradicts"),
        ({"treatment": WORSE, "smallest": 0.5}, "other criterion"),
        ({"treatment": WORSE, "key": "unknown-here"}, "only there"),
    ],
)
def test_another_machine_s_verdicts_beside_ours(measure, there, relation):
    theirs = store.read(measure(**there))
    measure(BETTER)
    [agreement] = scoreboard.compare([theirs])
    assert agreement.relation == relation


def timed(path, instructions, **claim):
    """Results whose claim is about time, measured on a processor with these instructions."""
    results = store.read(path)
    results["claims"][0] |= {"timed": True, **claim}
    results["provenance"] |= {"instructions": instructions}
    return results


@pytest.mark.parametrize(
    "there, relation", [("x86_64 avx2", "contradicts"), ("arm64 neon", "other processor")]
)
def test_seconds_are_compared_on_the_same_instructions_only(measure, monkeypatch, there, relation):
    ours = timed(measure(BETTER), "x86_64 avx2")
    theirs = timed(measure(WORSE), there)
    monkeypatch.setattr(store, "load", lambda *_: ours)
    [agreement] = scoreboard.compare([theirs])
    assert agreement.relation == relation
    assert ("effect here" in agreement.effects) == (relation == "other processor")


def test_seconds_of_an_unknown_processor_are_not_compared(measure, monkeypatch):
    ours, theirs = timed(measure(BETTER), None), timed(measure(WORSE), None)
    monkeypatch.setattr(store, "load", lambda *_: ours)
    assert scoreboard.compare([theirs])[0].relation == "other processor"


def test_local_verdicts_are_shown_when_asked_for(measure, folder, tmp_path, monkeypatch):
    path = measure(WORSE)
    local = tmp_path / "local"
    local.mkdir()
    monkeypatch.setattr(store, "LOCAL", local)
    path.rename(local / path.name)
    assert scoreboard.rows([SLUG]) == []
    [row] = scoreboard.rows([SLUG], local=True)
    assert row.measured["quick"]["verdict"] == CONTRADICTED
