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


def results(address, page, query):
    """The addresses that a search finds, in their order."""
    page.goto(f"{address}/search.html?q={query}")
    page.wait_for_selector("#search-results li a")
    page.wait_for_function("document.querySelector('.search-summary, #search-results p')")
    return page.eval_on_selector_all("#search-results li a", "links => links.map(it => it.href)")


@pytest.mark.parametrize("query", QUERIES)
def test_finds(address, page, query):
    found = results(address, page, query)
    assert any(QUERIES[query] in url for url in found), found


@pytest.mark.parametrize("query", ["median", "packed", "threshold"])
def test_chapters_come_before_notebooks_and_functions(address, page, query):
    found = results(address, page, query)
    kinds = {"/notebooks/": 1, "/labs/": 2, "/kernels/": 3, "/functions": 4}
    order = [next((rank for part, rank in kinds.items() if part in url), 0) for url in found]
    assert order[0] == 0, found
    assert order == sorted(order), found


def test_excerpts_hold_no_formulas(address, page):
    results(address, page, "scale")
    page.wait_for_selector("#search-results p.context")
    said = page.eval_on_selector_all("#search-results p.context", "all => all.map(it => it.textContent)")
    assert said
    assert not [text for text in said if "\\" in text]


def test_only_a_result_is_opened_with_its_words_marked(address, page):
    results(address, page, "threshold")
    page.goto(f"{address}/book/why_frugal.html")
    page.goto(f"{address}/book/11_bitnet_reloaded.html")
    assert page.locator("span.highlighted").count() == 0
    results(address, page, "threshold")
    page.locator("#search-results li a", has_text="BitNet").first.click()
    page.wait_for_load_state()
    assert page.locator("span.highlighted").count() > 0


def test_the_button_on_every_page_leads_there(address, page):
    page.goto(f"{address}/book/why_frugal.html")
    page.keyboard.press("Control+k")
    page.keyboard.type("scale")
    page.keyboard.press("Enter")
    page.wait_for_selector("#search-results li a")
    assert "/search.html?q=scale" in page.url
