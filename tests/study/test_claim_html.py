"""A claim on a page: what is said, drawn and folded away, from results alone."""

import re
from functools import partial

import pytest
from bs4 import BeautifulSoup

from utils.evidence.verdict import WORDS
from utils.site import claim_html, interval_plot


@pytest.fixture
def shown(ran, rows):
    """``shown(profile=run, ...)`` gives the parsed list of claims."""

    def show(**runs):
        results = {profile: run.as_dict() for profile, run in runs.items()}
        return BeautifulSoup(claim_html.claims_html(rows(**runs), results), "html.parser")

    return show


def test_a_claim_says_what_who_and_what_counts(ran, shown):
    order, plain = shown(quick=ran()).select("li.claim")
    assert "our question; error, counts from 2 points" in order.text
    assert "paper: beats it by ten points (Table 2)" in plain.text
    assert order["id"].startswith("claim-")
    assert order["id"].endswith("-order")
    assert plain.select_one(".claim-says a")["href"] == f"#{plain['id']}"


def test_both_scales_stand_in_one_claim_and_only_where_measured(ran, shown, toy):
    other = partial(toy, means={"ours": 11.0, "plain": 20.0, "broken": 32.0, "guess": 90.0})
    order, plain = shown(quick=ran(), full=ran("full", other)).select("li.claim")
    assert [it.text for it in order.select(".claim-profile")] == ["quick", "full"]
    assert [it.text for it in plain.select(".claim-profile")] == ["quick"]
    assert order.select(".claim-effect")[1].text.endswith("seeds, cut")


def test_a_prediction_and_a_refused_verdict_are_told(ran, shown, content, toy):
    weak = partial(toy, means={"ours": 89.0, "plain": 90.0, "broken": 90.5, "guess": 90.0})
    assert "the task cannot tell (no arm is better than guessing" in shown(quick=ran(trial=weak)).text
    content["claims"][0]["prediction"] = True
    assert "a prediction of a formula, no evidence" in shown(quick=ran()).text


def test_the_fold_holds_both_arms_and_the_command(ran, shown):
    fold = shown(quick=ran()).select_one("details")
    head, first, second = ([cell.text for cell in row.select("th, td")] for row in fold.select("tr"))
    assert head[:4] == ["arm", "what it is", "mean error", "chosen"]
    assert (first[0], second[0]) == ("ours", "broken")
    assert "frugal run" in fold.text


def test_the_board_links_to_the_chapter_and_folds_nothing(ran, rows):
    found = rows(quick=ran())
    board = BeautifulSoup(claim_html.board_html(found), "html.parser")
    for item, row in zip(board.select("li.claim"), found, strict=True):
        assert item.select_one("a")["href"] == f"{row.chapter}.html#{item['id']}"
        assert item.select_one(".claim-chapter").text == row.chapter[:2]
    assert not board.select("details")


def test_the_page_is_told_what_decides(ran, rows):
    claim = rows(quick=ran())[0].measured["quick"]
    told = claim_html.rule(claim)
    assert sum(told["differences"]) / len(told["differences"]) == pytest.approx(claim["effect"], rel=1e-12)
    assert told["quantiles"][:2] == [12.7062, 4.30265]  # Student's table, 1 and 2 degrees of freedom


class TestPlot:
    def test_the_axis_is_odd_and_rises_and_ends_inside(self):
        values = [-1000, -20, -3, -1, 0, 0.5, 1, 3, 20, 1000]
        places = [interval_plot.place(value) for value in values]
        assert places == sorted(places)
        assert places[0] > 0
        assert places[-1] < interval_plot.WIDTH
        middle = interval_plot.WIDTH / 2
        assert places[4] == middle
        assert all(
            a + b == pytest.approx(2 * middle) for a, b in zip(places[1:4], places[:5:-1][1:], strict=True)
        )

    def test_every_word_but_none_has_a_mark_of_its_own_look(self):
        looks = {(shape, word in ("undecided",)) for word, shape in interval_plot.SHAPES.items()}
        assert len(looks) == len(interval_plot.SHAPES) == len(WORDS) - 1

    def test_the_interval_is_drawn_where_it_lies(self, ran, rows):
        claim = rows(quick=ran())[0].measured["quick"]
        ends = re.search(
            r'class="interval" d="M([\d.]+) [\d.]+H([\d.]+)"', interval_plot.draw(claim)
        ).groups()
        expected = [interval_plot.place(value / claim["smallest"]) for value in claim["interval"]]
        assert [float(end) for end in ends] == pytest.approx(expected, abs=0.05)
