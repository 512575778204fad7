"""Rules for pages in their first form: each change below breaks one."""

import pytest

from utils.house_rules import first_form
from utils.paths import BOOK

SLUG = "14_sparseland"
PAGE = (BOOK / f"{SLUG}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "old, new, said",
    [
        ("## Move it", "## Play", "needs, in order"),
        ("**Read first**", "Read first", "lacks 'Read first'"),
        (f"{{claims}} {SLUG}", "{claims} 12_denseshift", "does not show its claims"),
        ("## Where it breaks\n", "## Where it breaks\n\nIt took 3.7 times as long.\n", "number 3.7 typed"),
        ("## The idea\n", "## The idea\n\nThis is simply so.\n", "says 'simply'"),
        ("## The idea\n", "## The idea\n\n" + "word " * 2000, "words; a page has"),
    ],
)
def test_each_rule_fails_when_it_is_broken(old, new, said):
    assert list(first_form.page_problems(PAGE, SLUG)) == []
    assert old in PAGE
    assert any(said in problem for problem in first_form.page_problems(PAGE.replace(old, new, 1), SLUG))
