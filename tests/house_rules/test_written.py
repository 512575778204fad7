"""Every listed chapter keeps the house rules, every page describes its pictures, notebooks do not repeat."""

import json

import pytest

from utils.chapters import written
from utils.house_rules import notebook, text
from utils.house_rules.chapter import problems
from utils.paths import BOOK, NOTEBOOKS

SLUGS = [chapter.slug for chapter in written()]
PAGES = sorted(BOOK.rglob("*.md"))


@pytest.mark.parametrize("slug", SLUGS)
def test_the_chapter_keeps_the_house_rules(slug):
    assert problems(slug) == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(BOOK).as_posix())
def test_every_page_describes_its_pictures_and_has_no_fillers(path):
    # The page for contributors names the words that it forbids.
    content = path.read_text(encoding="utf-8").replace('"simply"', "").replace('"obviously"', "")
    assert list(text.problems(content)) == []


def test_notebooks_do_not_repeat_each_other():
    notebooks = {slug: json.loads((NOTEBOOKS / f"{slug}.ipynb").read_text("utf-8")) for slug in SLUGS}
    assert list(notebook.copied(notebooks)) == []
