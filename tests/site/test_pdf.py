"""The book as one PDF: every page with its title, formulas drawn, folds open, links within the book."""

import re

import pytest
import yaml

from utils.paths import ROOT
from utils.site import browser, pdf
from utils.site.stage import pages

LOOK = """() => {
  const all = (what) => [...document.querySelectorAll(what)];
  const ids = all("[id]:not(svg *)").map((it) => it.id).filter((id) => id.startsWith("page"));
  const hidden = (it) => getComputedStyle(it).display === "none";
  return {
    articles: all("article").length,
    titles: all("article h1").filter((it) => !hidden(it)).length,
    raw: all(".math").filter((it) => !it.querySelector(".katex")).length,
    shut: all("article details:not([open])").length,
    twice: ids.filter((id, place) => ids.indexOf(id) !== place),
    lost: all('article a[href^="#"]')
      .map((it) => it.hash)
      .filter((it) => !document.getElementById(it.slice(1))),
    asleep: all(".frugal-widget:not([data-alive])").length,
  };
}"""


@pytest.fixture(scope="module")
def names(site):
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    return [f"/{name}.html" for name in pages(toc) if (site / f"{name}.html").is_file()]


def test_nothing_is_missing_on_the_sheet(site, has_chromium, names):
    with browser.served(site) as address, browser.chromium() as chromium:
        found = pdf.gather(chromium, address, names).evaluate(LOOK)
    assert found == {
        "articles": len(names),
        "titles": len(names),
        "raw": 0,
        "shut": 0,
        "twice": [],
        "lost": [],
        "asleep": 0,
    }


def test_one_file_with_an_outline(site, has_chromium, names, tmp_path):
    path = pdf.write(target=tmp_path / "book.pdf", folder=site)
    data = path.read_bytes()
    assert data.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", data)) > len(names)
    assert b"/Outlines" in data
