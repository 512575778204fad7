"""Formulas are drawn when the site is built: readable without scripts, refused by name when wrong."""

import pytest

from utils.errors import FrugalError
from utils.site import browser, katex

PAGE = """<p>Let <span class="math notranslate nohighlight">a &lt; b</span> be.</p>
<div class="math" id="equation-x"><span class="eqno">(1)</span><div class="tex">\\frac{1}{2}
+ x</div></div><span class="other">1</span>"""


def test_formulas_are_found_with_their_text():
    found = katex.Formulas(PAGE).found
    assert [formula for *_, formula in found] == [("a < b", False), ("\\frac{1}{2}\n+ x", True)]
    assert [PAGE[start:end] for start, end, _ in found] == ["a &lt; b", "\\frac{1}{2}\n+ x"]


def test_places_are_right_behind_odd_line_ends():
    page = f"a\u2028b\x0c\r\n{PAGE}"
    (start, end, _), *_ = katex.Formulas(page).found
    assert page[start:end] == "a &lt; b"


def test_a_page_keeps_everything_but_its_tex(tmp_path):
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    katex.draw(tmp_path)
    drawn = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert drawn.startswith('<p>Let <span class="math notranslate nohighlight"><span class="katex">')
    assert drawn.count("<math ") == 2
    assert drawn.count("katex-display") == 1
    assert drawn.endswith('</div></div><span class="other">1</span>')
    assert '<annotation encoding="application/x-tex">a &lt; b</annotation>' in drawn


def test_a_wrong_formula_names_page_and_cause(tmp_path):
    (tmp_path / "page.html").write_text('<span class="math">\\frac{1</span>', encoding="utf-8")
    with pytest.raises(FrugalError, match=r"page\.html: '\\frac\{1' is no formula: KaTeX parse error"):
        katex.draw(tmp_path)


def test_no_page_holds_raw_tex_or_loads_katex(site, soups):
    raw = [
        (page, it.text[:40])
        for page, soup in soups.items()
        for it in soup.select("span.math, div.tex")
        if not it.select_one(".katex math")
    ]
    assert raw == []
    assert sum(len(soup.select(".katex")) for soup in soups.values()) > 500
    assert not list(site.rglob("katex*.js"))


def test_a_wide_equation_scrolls_from_the_keyboard(site, has_chromium):
    with browser.served(site) as address, browser.chromium() as chromium:
        page = chromium.new_page(viewport={"width": 320, "height": 700})
        page.set_default_timeout(browser.PATIENCE)
        page.goto(f"{address}/book/11_bitnet_reloaded.html")
        page.wait_for_selector("[data-whole]", state="attached")
        wide = page.evaluate("""() => [...document.querySelectorAll("div.math > .tex")].map(
            (it) => [it.scrollWidth > it.clientWidth, it.tabIndex === 0 && !!it.ariaLabel])""")
        assert any(wider for wider, _ in wide)
        assert [wider for wider, _ in wide] == [reached for _, reached in wide]
