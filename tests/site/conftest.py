"""The whole site, built once a test run; and every page of it, opened once and seen in each color scheme."""

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from utils.errors import FrugalError
from utils.paths import BUILD
from utils.site import browser
from utils.site.build import build
from utils.site.shots import awaken

SCRIPTS = Path(__file__).parent / "axe"
AXE, THIN = ((SCRIPTS / name).read_text(encoding="utf-8") for name in ("axe.min.js", "thin.js"))
JUDGE = "rules => axe.run(document, { runOnly: rules, resultTypes: ['violations'] })"
# All rules in the view in which a page was opened; in the other one those that colors and sizes decide.
ALL = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS = ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"]
LOUD = ("error", "warning")
# Between them both schemes, a desktop and a narrow phone.
VIEWS = {"light": {"width": 1280, "height": 900}, "dark": {"width": 360, "height": 740}}


@dataclass
class Visit:
    """What a page did in one color scheme; what it asked for is with the one in which it was opened."""

    page: str
    scheme: str
    outside: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    bodies: dict[str, bytes] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)
    wider_by: int = 0
    blank: list[str] = field(default_factory=list)

    def plain(self) -> int:
        """Everything that was fetched, as it lies in the folder."""
        return sum(len(body) for body in self.bodies.values())

    def travels(self, part: str = "") -> int:
        """What the addresses with ``part`` weigh on their way: compressed, as hosts send them."""
        return sum(_compressed(body) for url, body in self.bodies.items() if part in url)


@cache
def _compressed(body: bytes) -> int:
    return len(gzip.compress(body))


@pytest.fixture(scope="session")
def site(smoke) -> Path:
    """The whole site, made of the notebooks' ``smoke`` runs; it is published nowhere."""
    smoke()
    with pytest.MonkeyPatch.context() as patch:
        for name in ("FRUGAL_REPOSITORY", "FRUGAL_SITE_URL"):
            patch.delenv(name, raising=False)
        return build(target=BUILD / "check" / "html", profiles=("smoke",))


@pytest.fixture(scope="session")
def soups(site) -> dict[str, BeautifulSoup]:
    """Every page, parsed."""
    read = {name: (site / name).read_text(encoding="utf-8") for name in browser.pages(site)}
    return {name: BeautifulSoup(text, "html.parser") for name, text in read.items()}


@pytest.fixture(scope="session")
def has_chromium() -> None:
    """Skips where there is no browser."""
    pytest.importorskip("playwright.sync_api", reason="the package playwright is missing")
    try:
        browser.path()
    except FrugalError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def visits(site, has_chromium) -> list[Visit]:
    """Every page, opened on a light desktop and then turned into a dark phone; some are opened as that too.

    It comes under a sub-path of a plain file server, and nothing is kept in a cache.
    """
    names = browser.pages(site)
    with browser.served(site.parent, Forgetful) as address, browser.chromium() as chromium:
        home = f"{address}/html"
        phones = _tour(chromium, home, one_of_each(names), ["dark"], judge=False)
        return [*_tour(chromium, home, names, list(VIEWS)), *phones]


def one_of_each(names: list[str]) -> list[str]:
    """A page of each template: of the chapters' ones, of each folder's others, and each one of the root."""
    kinds = {}
    for name in names:
        folder = name.rpartition("/")[0]
        kinds.setdefault((folder, bool(re.search(r"/\d\d_", name))) if folder else name, name)
    return list(kinds.values())


class Forgetful(browser.Silent):
    """A plain file server whose files no browser keeps: each page fetches everything again."""

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()


def _tour(chromium, home: str, names: list[str], schemes: list[str], judge: bool = True) -> Iterator[Visit]:
    """All pages one after the other in one tab: a new tab costs more than a page."""
    page = chromium.new_page(color_scheme=schemes[0], viewport=VIEWS[schemes[0]], reduced_motion="reduce")
    page.set_default_timeout(browser.PATIENCE)
    views, responses = [Visit("", "")], []
    inside = (home, "data:")
    page.on("request", lambda it: None if it.url.startswith(inside) else views[0].outside.append(it.url))
    page.on("response", lambda it: responses.append(it))  # Playwright takes no built-in method
    page.on("console", lambda it: views[0].complaints.append(it.text) if it.type in LOUD else None)
    page.on("pageerror", lambda error: views[0].complaints.append(str(error)))
    known: list[int] = []  # see thin.js
    for name in names:
        views[:] = [Visit(name, scheme) for scheme in schemes]
        responses.clear()
        _open(page, f"{home}/{name}", views)
        if judge:
            known += _judge(page, views, known)
        views[0].missing = [f"{it.status} {it.url}" for it in responses if it.status >= 400]
        views[0].bodies = {it.url: it.body() for it in responses if it.status < 300}
        yield from views


def _open(page, url: str, views: list[Visit]) -> None:
    """Open a page in the first of its views, and look at it in each."""
    page.goto(url, wait_until="load")
    awaken(page)
    for view in views:
        _turn(page, view)
        view.blank = page.evaluate(BLANK)
        view.wider_by = page.evaluate("document.documentElement.scrollWidth - innerWidth")


def _judge(page, views: list[Visit], known: list[int]) -> list[int]:
    """Let axe judge a page in each view, but for forms that are known; gives those that came."""
    came = page.evaluate(THIN, known)
    page.evaluate(AXE)
    for view in reversed(views):  # it ends as it began, for the next page
        _turn(page, view)
        view.violations = judged(page, ALL if view is views[0] else LOOKS)
    return came


def _turn(page, view: Visit) -> None:
    page.emulate_media(color_scheme=view.scheme)
    page.set_viewport_size(VIEWS[view.scheme])


def judged(page, rules: list[str]) -> list[str]:
    """What axe finds on a page into which it was put."""
    violations = page.evaluate(JUDGE, rules)["violations"]
    return [f"{it['id']}: {node['target']} {node['html'][:120]}" for it in violations for node in it["nodes"]]


# A measured plot is there twice, for wide and for narrow screens: one of the two must show.
BLANK = """() => {
  const shown = (it) => it && it.getBoundingClientRect().height >= 5;
  const twin = (it) => it.closest(".plot-wide")?.nextElementSibling
    ?? it.closest(".plot-narrow")?.previousElementSibling;
  return [...document.querySelectorAll(".frugal-widget, figure, .drawing, .katex-display")]
    .filter((it) => !shown(it) && !shown(twin(it))).map((it) => it.outerHTML.slice(0, 80)); }"""
