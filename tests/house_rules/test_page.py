"""A rule that never fails is none: each change below breaks one rule of a page, and a sentence says which."""

from importlib.resources import files

import pytest

from utils.house_rules import page, text

SLUG = "02_inception_resnet"
TEMPLATE = files("utils.scaffold").joinpath("template", "chapter", "page.md").read_text(encoding="utf-8")
PAGE = TEMPLATE.replace("{{slug}}", SLUG).replace("{{number}}", "2").replace("{{title}}", "Inception")


def problems(content, draft=True):
    return list(page.problems(content, SLUG, draft))


def test_the_page_itself_is_fine():
    assert problems(PAGE) == []


@pytest.mark.parametrize(
    "old, new, said",
    [
        ("# 2. ", "# 12. ", "must begin with the heading '# 2. "),
        ("## Move it", "## Play", "needs, in order"),
        ("## Since then", "## Check yourself\n\n## Since then", "needs, in order"),
        (f"{{card}} {SLUG}", "{card} 12_denseshift", "has no card at its top"),
        ("- *do* one thing that a test can check;\n", "", "no three to five objectives"),
        ("    store the code\nto read a number back\n    multiply", "multiply", "pseudocode"),
        (f"{{settings}} {SLUG}", "settings", "does not show the settings"),
        ("{widget}", "{note}", "nothing to move"),
        (f"{{claims}} {SLUG}", "{claims} 12_denseshift", "does not show its claims"),
        (f"{{plot}} {SLUG}", "{note} x", "no measured plot"),
        (f"{{fooled}} {SLUG}", "{note}", "what could have fooled us"),
        ("Limits, ", "It took 3.7 times as long. Limits, ", "number 3.7 typed"),
        ("Limits, ", "It wins by 5 points. Limits, ", "number 5 points typed"),
        ("Limits, ", "That is 3 of 5 seeds. Limits, ", "number 3 of 5 typed"),
        ("## The idea\n", "## The idea\n\nIt saves 12 %.\n", "number 12 % typed under 'The idea'"),
        ("Open with", "It costs 0.5 watts. Open with", "typed under 'the title'"),
        ("## The idea\n", "## The idea\n\nThis is simply so.\n", "says 'simply'"),
        ("## The idea\n", "## The idea\n\n| $s$ | b |\n| - | --- |\n| 1 | 2 |\n", "head '$s$ | b'"),
        ("## The idea\n", "## The idea\n\n![](x.svg)\n", "alternative text ''"),
    ],
)
def test_each_rule_fails_when_it_is_broken(old, new, said):
    assert old in PAGE
    assert any(said in problem for problem in problems(PAGE.replace(old, new, 1)))


def test_length_and_questions_are_counted_once_a_chapter_is_written():
    said = "\n".join(problems(PAGE, draft=False))
    assert "words; a page has 1200 to 2400" in said
    assert "asks 1 questions" in said


def test_tables_pseudocode_and_folded_answers_are_not_counted():
    def count(content):
        return next(p for p in problems(content, draft=False) if "words; a page" in p)

    table = "| " + "word " * 900 + " |\n"
    answer = ":::{quiz} 2. Why?\n" + "word " * 900 + "\n:::\n"
    code = "```text\n" + "word " * 900 + "\n```\n"
    assert count(PAGE) == count(PAGE + answer) == count(PAGE.replace("Limits", table + "\nLimits"))
    assert count(PAGE) == count(PAGE.replace("Limits", code + "\nLimits"))
    assert count(PAGE) != count(PAGE.replace("Limits", "word " * 900 + "\nLimits"))


def test_numbers_in_roles_code_and_mathematics_are_not_typed():
    fine = (
        "{measured}`11_x:y` {paper}`77.4 %` `0.5` $0.5$ BitNet b1.58 [arXiv:2407.09527](https://x.org/1.5) "
        "chapter 11, width 64, 2019, five seeds\n$$0.5$$"
    )
    assert not page.TYPED.findall(text.prose(fine))
