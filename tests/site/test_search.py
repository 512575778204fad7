"""The search page finds chapters, terms of the glossary and functions, with scripts of the site alone."""

import pytest

from utils.site import browser

QUERIES = {
    "BitNet": "book/11_bitnet_reloaded.html",
    "latent weight": "book/glossary.html",
    "ternary_linear": "book/functions.html",
}


@pytest.fixture(scope="module")
def address(site):
    with browser.served(site) as address:
        yield address


@pytest.mark.parametrize("query", QUERIES)
def test_finds(address, page, query):
    page.goto(f"{address}/search.html?q={query}")
    page.wait_for_selector("#search-results li a")
    page.wait_for_function("document.querySelector('.search-summary, #search-results p')")
    found = page.eval_on_selector_all("#search-results li a", "links => links.map(it => it.href)")
    assert any(QUERIES[query] in url for url in found), found


def test_the_button_on_every_page_leads_there(address, page):
    page.goto(f"{address}/book/why_frugal.html")
    page.keyboard.press("Control+k")
    page.keyboard.type("scale")
    page.keyboard.press("Enter")
    page.wait_for_selector("#search-results li a")
    assert "/search.html?q=scale" in page.url
