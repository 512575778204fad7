"""Claims in Chromium: the rule in the page is Python's, each control changes the word, filters, records."""

import json
import random

import pytest

from utils.evidence.compare import compare
from utils.evidence.table import effect_text
from utils.evidence.verdict import decide
from utils.site import browser
from utils.site.claim_html import rule

PAGE = "book/12_denseshift.html"


@pytest.fixture(scope="module")
def opened(site, has_chromium):
    """``opened(page)`` opens a page of the site."""
    with browser.served(site) as address, browser.chromium() as chromium:

        def open_page(name):
            page = chromium.new_page(viewport={"width": 1280, "height": 900})
            page.set_default_timeout(browser.PATIENCE)
            page.goto(f"{address}/{name}")
            page.wait_for_selector("[data-whole]", state="attached")
            return page

        yield open_page


@pytest.fixture(scope="module")
def chapter(opened):
    """A chapter's page."""
    return opened(PAGE)


def test_the_rule_in_the_page_is_that_of_python(chapter):
    draw = random.Random(7)
    for _ in range(200):
        n, relation = draw.randint(2, 12), draw.choice(["better", "as good", "no difference"])
        first, second = ([draw.gauss(center, 1) for _ in range(n)] for center in (draw.gauss(0, 2), 0))
        smallest, good = draw.choice([0.1, 0.5, 2.0]), draw.choice(["higher", "lower"])
        found = compare(first, second, good)
        claim = {"relation": relation, "smallest": smallest, "unit": "points", "good": good}
        claim |= {"prediction": False, "seeds": list(range(n)), "compare": ["a", "b"]}
        told = rule(claim | {"values": {"a": first, "b": second}})
        said = chapter.evaluate("([r, d]) => judged(r, r.differences, d)", [told, smallest])
        assert said.partition(":")[0] == decide(relation, found.low, found.high, smallest)


def test_the_fold_judges_as_the_page_does_and_each_control_is_heard(chapter):
    claim = chapter.locator("li.claim").first
    claim.locator("summary").click()
    output = claim.locator("output").first
    word = claim.locator(".claim-word").first.inner_text()
    assert output.inner_text().startswith(f"{word}:")
    before = output.inner_text()
    claim.locator("input[type=checkbox]").first.uncheck()
    assert output.inner_text() != before
    claim.locator("input[type=text]").fill("1 x")
    assert "numbers with spaces" in output.inner_text()
    claim.locator("input[type=text]").fill("")
    claim.locator("input[type=number]").fill("100000")
    assert output.inner_text().partition(":")[0] in ("not supported", "supported", "undecided")
    claim.locator("input[type=number]").fill("0")
    assert "above zero" in output.inner_text()


def test_a_link_to_a_claim_opens_its_fold(opened, chapter):
    name = chapter.locator("li.claim").nth(2).get_attribute("id")
    page = opened(f"{PAGE}#{name}")
    assert page.locator(f"#{name} details").get_attribute("open") is not None
    page.close()


def test_the_board_filters_and_counts(opened):
    page = opened("book/scoreboard.html")
    shown = page.locator(".board li:visible")
    everything = shown.count()
    page.get_by_label("Chapter").select_option("12")
    assert 0 < shown.count() < everything
    assert set(page.locator(".board li:visible .claim-chapter").all_inner_texts()) == {"12"}
    page.get_by_label("Asked by").select_option("paper")
    assert page.locator(".claim-filters output").inner_text() == f"{shown.count()} of {everything} claims"
    page.get_by_label("Chapter").select_option("")
    page.get_by_label("Asked by").select_option("")
    page.get_by_label("Verdict").select_option("word-undecided")
    assert shown.count() == page.locator("li[data-words~='word-undecided']").count()
    page.close()


def test_a_measured_number_opens_its_record_by_click_and_key(chapter):
    number = chapter.locator("button.measured").first
    record = chapter.locator(f"#{number.get_attribute('popovertarget')}")
    assert not record.is_visible()
    number.click()
    assert record.is_visible()
    assert "Profile quick" in record.inner_text()
    assert "frugal run" in record.inner_text()
    chapter.keyboard.press("Escape")
    assert not record.is_visible()
    number.focus()
    chapter.keyboard.press("Enter")
    assert record.is_visible()
    chapter.keyboard.press("Escape")


def test_links_in_records_lead_somewhere(site, soups):
    links = [
        (page, link["href"])
        for page, soup in soups.items()
        for link in soup.select(".record a, ol.claims .claim-says a")
    ]
    assert links
    for page, href in links:
        path, _, anchor = href.partition("#")
        target = (
            ((site / page).parent / path).resolve().relative_to(site.resolve()).as_posix() if path else page
        )
        assert not anchor or soups[target].find(id=anchor), (page, href)


def test_the_first_number_is_the_recorded_one(chapter):
    from utils.evidence import scoreboard

    row = scoreboard.rows(["12_denseshift"])[0]
    assert effect_text(row.measured["quick"]) in chapter.locator(".claim-effect").first.inner_text()


def test_programs_find_every_claim_under_its_address(site, soups):
    told = json.loads((site / "claims.json").read_text(encoding="utf-8"))
    assert len(told) == len(soups["book/scoreboard.html"].select("li.claim"))
    for entry in told:
        page, _, anchor = entry["page"].partition("#")
        assert soups[page].find(id=anchor) is not None


def test_each_way_to_be_fooled_shows_the_claims_that_test_it(soups):
    page = soups["book/fooled.html"]
    for section in page.select("section[id^=fooled-by-]"):
        assert section.select("li.claim")
    shown = [it["id"] for it in page.select("li.claim")]
    assert len(shown) == len(set(shown)) > 10
