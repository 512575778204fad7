"""A rule that never fails is none: each change below breaks one rule of a page, and a sentence says which."""

import pytest

from utils.house_rules import page, text
from utils.paths import BOOK

SLUG = "11_bitnet_reloaded"
PAGE = (BOOK / f"{SLUG}.md").read_text(encoding="utf-8")


def problems(content, draft=False):
    return list(page.problems(content, SLUG, draft))


def test_the_page_itself_is_fine():
    assert problems(PAGE) == []


@pytest.mark.parametrize(
    "old, new, said",
    [
        ("# 11. ", "# 12. ", "must begin with the heading '# 11. "),
        ("## Move it", "## Play", "needs, in order"),
        ("## Since then", "## Check yourself\n\n## Since then", "needs, in order"),
        ("**Read first**", "Read first", "lacks 'Read first'"),
        ("{widget}", "{note}", "nothing to move"),
        ("{claims} 11_bitnet_reloaded", "{claims} 12_denseshift", "does not show its claims"),
        ("## Where it breaks\n", "## Where it breaks\n\nIt took 3.7 times as long.\n", "number 3.7 typed"),
        ("## The idea\n", "## The idea\n\nIt saves 12 %.\n", "number 12 % typed under 'The idea'"),
        ("# 11. BitNet b1.58 Reloaded\n", "# 11. BitNet\n\nIt costs 0.5 watts.\n", "typed under 'the title'"),
        ("## The idea\n", "## The idea\n\nThis is simply so.\n", "says 'simply'"),
        ("## The idea\n", "## The idea\n\n| $s$ | b |\n| - | --- |\n| 1 | 2 |\n", "head '$s$ | b'"),
        (":alt: A number line of weights", ":notalt: A number line of weights", "alternative text ''"),
        ("## The idea\n", "## The idea\n\n![](x.svg)\n", "alternative text ''"),
    ],
)
def test_each_rule_fails_when_it_is_broken(old, new, said):
    assert old in PAGE
    assert any(said in problem for problem in problems(PAGE.replace(old, new, 1)))


def test_length_and_questions_are_counted_once_a_chapter_is_listed():
    for content in (PAGE + "\n\nword" * 1000, PAGE.split("## Check yourself")[0] + "## Check yourself\n"):
        assert len(problems(content)) >= 1
        assert problems(content, draft=True) == []


def test_numbers_in_roles_code_and_mathematics_are_not_typed():
    fine = "{measured}`11_x:y` {paper}`77.4 %` `0.5` $0.5$ BitNet b1.58 [arXiv:2407.09527](https://x.org/1.5)\n$$0.5$$"
    assert not page.TYPED.findall(text.prose(fine))
    assert page.TYPED.findall(text.prose("0.5 and 1,200 %, 7%")) == ["0.5", "1,200 %", "7%"]
