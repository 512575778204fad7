"""Chapter, notebook, lab and kernels of a chapter lead to each other."""

from utils import chapters
from utils.site.strip import html, links


def test_every_page_of_a_chapter_links_all_others(soups):
    for chapter in chapters.written():
        for page in links(chapter):
            strip = soups[f"{page}.html"].select_one("nav.chapter-strip")
            assert strip is not None, page
            assert strip.select_one("[aria-current]") is not None, page
            assert len(strip.select("a")) >= 3, page


def test_a_name_is_escaped_and_one_link_is_here():
    chapter = chapters.Chapter("07_x", title="A < B", minutes={"read": 1, "run": 2, "lab": 3})
    strip = html(chapter, "labs/07_x", lambda page: f"../{page}.html")
    assert 'aria-label="Chapter 7, A &lt; B"' in strip
    assert strip.count("aria-current") == 1
    assert '<a aria-current="page" href="../labs/07_x.html">Lab, 3 min</a>' in strip
