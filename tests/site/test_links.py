"""Links, headings and alternative texts, read from the pages as files."""

import re
from itertools import pairwise
from urllib.parse import unquote, urldefrag, urlsplit

import pytest

VAGUE = {"here", "click here", "this", "link", "more", "read more", "page", "this page"}


@pytest.fixture(scope="module")
def anchors(soups):
    """Page -> every id on it."""
    return {name: {tag["id"] for tag in soup.select("[id]")} for name, soup in soups.items()}


def inner(soup, *kinds):
    """Addresses within the site: ``kinds`` are pairs of a tag and its attribute."""
    found = [tag[name] for kind, name in kinds for tag in soup.select(f"{kind}[{name}]")]
    return [url for url in found if not urlsplit(url).scheme and not url.startswith("//")]


def test_every_link_and_anchor_resolves(site, soups, anchors):
    kinds = (("a", "href"), ("link", "href"), ("script", "src"), ("img", "src"), ("form", "action"))
    broken = []
    for name, soup in soups.items():
        for url in inner(soup, *kinds):
            path, anchor = urldefrag(url)
            assert not path.startswith("/"), f"{name} knows where the site lies: {url}"
            target = ((site / name).parent / unquote(urlsplit(path).path)).resolve() if path else site / name
            page = target.relative_to(site.resolve()).as_posix() if path else name
            if not target.is_file() or (anchor and page in anchors and unquote(anchor) not in anchors[page]):
                broken.append((name, url))
    assert broken == []


def test_link_texts_say_where_they_lead(soups):
    for name, soup in soups.items():
        for link in soup.select("article a[href]:not(.headerlink)"):
            text = " ".join(link.get_text().split()).lower()
            assert text or link.get("aria-label"), f"{name}: {link}"
            assert text not in VAGUE, f"{name}: {link}"


def test_headings_go_down_one_level_at_a_time(soups):
    for name, soup in soups.items():
        levels = [int(tag.name[1]) for tag in soup.select("main :is(h1, h2, h3, h4, h5, h6)")]
        assert levels[:1] == [1], f"{name} does not begin with its title"
        assert levels.count(1) == 1, f"{name} has several titles"
        assert all(after <= before + 1 for before, after in pairwise(levels)), f"{name}: {levels}"


def test_first_thing_to_reach_is_the_way_past_the_navigation(soups, anchors):
    for name, soup in soups.items():
        first = soup.body.find("a")
        assert "skip" in first.get_text().lower(), name
        assert first["href"].removeprefix("#") in anchors[name]


def test_every_picture_has_a_text(soups):
    for name, soup in soups.items():
        for picture in soup.select("article img"):
            assert picture.get("alt", "").strip(), f"{name}: {picture}"
        for drawing in soup.select('article svg:not([aria-hidden="true"], [aria-hidden="true"] svg)'):
            assert drawing.get("role") == "img", f"{name}: {str(drawing)[:100]}"
            ids = drawing.get("aria-labelledby", "").split()
            text = drawing.get("aria-label") or " ".join(soup.find(id=key).get_text() for key in ids)
            assert len(text) > 10, f"{name}: {str(drawing)[:100]}"


def test_every_page_tells_what_it_is(soups):
    for name, soup in soups.items():
        assert soup.html["lang"] == "en"
        assert len(soup.title.get_text(strip=True)) > 5, name
        assert soup.select_one('meta[property="og:title"]')["content"], name
        assert soup.select_one('meta[property="og:image"]')["content"].endswith("card.png"), name
        if name not in ("search.html", "genindex.html", "py-modindex.html"):
            assert len(soup.select_one('meta[name="description"]')["content"]) > 20, name


def test_footer_names_version_date_and_commit(soups):
    pattern = r"Frugal Deep Learning \d+\.\d+\.\d+ · built \d{4}-\d\d-\d\d( from commit [0-9a-f]{7,})?"
    for name, soup in soups.items():
        assert re.search(pattern, " ".join(soup.select_one(".copyright-line").get_text().split())), name


def test_every_chapter_says_how_to_cite_it(soups):
    chapters = [name for name in soups if re.fullmatch(r"book/\d\d_\w+\.html", name)]
    assert chapters
    for name in chapters:
        assert "@incollection{frugal" in soups[name].article.get_text(), name


def test_without_a_repository_nothing_offers_to_edit_or_launch(soups):
    for name, soup in soups.items():
        outside = [link["href"] for link in soup.select(".article-header-buttons a[href]")]
        assert not [url for url in outside if urlsplit(url).scheme], name


def test_notebooks_can_be_downloaded_and_open_with_their_plumbing_folded(soups):
    notebooks = [name for name in soups if name.startswith("notebooks/")]
    assert notebooks
    for name in notebooks:
        assert soups[name].select('.article-header-buttons a[href$=".ipynb"]'), name
        folded = [fold.get_text() for fold in soups[name].select("details.hide")]
        assert any("import torch" in text for text in folded), name
        assert any('profile = "quick"' in text for text in folded), name
        assert not soups[name].select("details.hide[open]"), name
