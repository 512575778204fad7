"""Nothing that is published holds a lab's solution: no page, no source of one, no script, no search index."""

import json
import re

import pytest
from sphinx.search.en import SearchEnglish

from utils.chapters import written
from utils.labs.master import Lab, master_path, read
from utils.labs.secrecy import flat, secrets, told

SLUGS = [chapter.slug for chapter in written()]
TEXTS = {".html", ".md", ".txt", ".js", ".json", ".ipynb", ".xml", ".inv", ".css", ".svg"}


@pytest.fixture(scope="module")
def published(site, soups) -> dict[str, str]:
    """Every file that may hold text, without blanks; of a page what a reader sees, not its tags."""
    files = {path.relative_to(site).as_posix(): path for path in site.rglob("*") if path.suffix in TEXTS}
    return {
        name: flat(soups[name].get_text() if name in soups else path.read_text("utf-8", "replace"))
        for name, path in files.items()
    }


def whole(lab: Lab) -> list[str]:
    """Each solution and each of its reasons in one piece: single lines may well stand in the chapter."""
    return [text for question in lab.graded for text in (question.solution(), *question.sources("reasoning"))]


@pytest.mark.parametrize("slug", SLUGS)
def test_no_file_holds_a_solution(published, slug):
    pieces = [flat(text) for text in whole(read(master_path(slug)))]
    assert len(pieces) > 5
    found = [(name, piece[:80]) for name, text in published.items() for piece in pieces if piece in text]
    assert found == []


@pytest.mark.parametrize("slug", SLUGS)
def test_the_labs_own_files_hold_no_line_of_one(published, slug):
    own = {name: text for name, text in published.items() if f"labs/{slug}" in name}
    assert any(name.endswith(".html") for name in own)
    assert [line for text in own.values() for line in told(read(master_path(slug)), text)] == []


@pytest.mark.parametrize("slug", SLUGS)
def test_the_search_does_not_find_a_lab_by_its_reasons(site, soups, slug):
    index = (site / "searchindex.js").read_text(encoding="utf-8")
    index = json.loads(index.removeprefix("Search.setIndex(").rstrip(";\n").removesuffix(")"))
    page = index["docnames"].index(f"labs/{slug}")
    stem = SearchEnglish({}).stem
    shown = {stem(word) for word in words(soups[f"labs/{slug}.html"].get_text())}
    reasons = words("\n".join(secrets(read(master_path(slug)))))
    reasons = {stem(word) for word in reasons if len(word) > 4} - shown
    assert len(reasons) > 20
    assert [word for word in sorted(reasons) if page in places(index["terms"].get(word, []))] == []


def words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]+", text.lower()))


def places(found: int | list[int]) -> list[int]:
    return found if isinstance(found, list) else [found]
