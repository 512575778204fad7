"""What axe is spared are repetitions: one fault, or a hundred equal ones, are found."""

import pytest

from tests.site.conftest import ALL, AXE, LOOKS, THIN, judged

PAGE = """<!doctype html><html lang="en"><title>A page</title><style>
.k {{ color: #ddd }} pre {{ color: #111 }}
@media (prefers-color-scheme: dark) {{ body {{ background: #444 }} }}</style>
<main><h1>A page</h1><article>{}</article></main></html>"""
CODE = "<pre>" + 100 * '<span class="n">x</span> ' + "{}</pre>"
PALE = ["color-contrast"]
FAULTS = {
    "none": ("", []),
    "a pale word among many": (CODE.format('<span class="k">pale</span>'), PALE),
    "many pale words": (f"<pre>{100 * '<span class=k>pale</span> '}</pre>", PALE),
    "a word pale by its style": (CODE.format('<span class="n" style="color: #ddd">pale</span>'), PALE),
    "a pale row": ("<ul><li>a</li><li>b</li><li><b class='k'>pale</b></li></ul>", PALE),
    "a button without a name": ("<ul><li>a</li><li>b</li><li><button></button></li></ul>", ["button-name"]),
    "a drawing without a name": ('<svg role="img"><path d="M0 0"/></svg>', ["svg-img-alt"]),
    "an empty head": ("<table><tr><th></th><td>1</td></tr></table>", ["empty-table-header"]),
    "no head that is emptied": ("<p>a</p><table><tr><th><p>a</p></th><td><p>1</p></td></tr></table>", []),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_though_repetitions_are_left_out(page, name):
    content, rules = FAULTS[name]
    page.set_content(PAGE.format(content))
    page.evaluate(THIN, [])
    page.evaluate(AXE)
    assert sorted({found.partition(":")[0] for found in judged(page, ALL)}) == rules


def test_colors_are_judged_without_opening_the_page_again(page):
    page.set_content(PAGE.format("<p>Black on white, and black on gray.</p>"))
    page.evaluate(AXE)
    assert judged(page, LOOKS) == []
    page.emulate_media(color_scheme="dark")
    assert [found.partition(":")[0] for found in judged(page, LOOKS)] == ["color-contrast"] * 2
    page.emulate_media(color_scheme=None)


@pytest.mark.parametrize("style, left", [("", 0), ("<style>p { color: red }</style>", 1)])
def test_repetitions_are_left_out_also_those_of_other_pages_in_the_same_colors(page, style, left):
    content = CODE + "<ul>" + 50 * "<li>a</li>" + "</ul>"
    page.set_content(PAGE.format(content))
    known = page.evaluate(THIN, [])
    assert [page.locator(kind).count() for kind in ("span", "li")] == [1, 1]
    page.set_content(PAGE.format(content + style))
    assert (page.evaluate(THIN, known) != []) == bool(left)
    assert page.locator("span").count() == left
