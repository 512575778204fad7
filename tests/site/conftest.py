"""The whole site, built once a test run; and every page of it, opened once in each color scheme."""

import gzip
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from utils.errors import FrugalError
from utils.paths import BUILD
from utils.site import browser
from utils.site.build import build
from utils.site.shots import awaken

AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOUD = ("error", "warning")
# Between them both schemes, a desktop and a narrow phone.
VIEWS = {"light": {"width": 1280, "height": 900}, "dark": {"width": 360, "height": 740}}


@dataclass
class Visit:
    """What one page did in one color scheme."""

    scheme: str
    page: str
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
        return sum(len(gzip.compress(body)) for url, body in self.bodies.items() if part in url)


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
    """Every page opened in both schemes, under a sub-path of a plain file server, nothing kept in a cache."""
    with browser.served(site.parent, Forgetful) as address, browser.chromium() as chromium:
        return [
            visit
            for scheme, size in VIEWS.items()
            for visit in _tour(chromium, f"{address}/html", scheme, size, browser.pages(site))
        ]


class Forgetful(browser.Silent):
    """A plain file server whose files no browser keeps: each page fetches everything again."""

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()


def _tour(chromium, home: str, scheme: str, size: dict, names: list[str]) -> list[Visit]:
    """All pages one after the other in one tab: a new tab costs more than a page."""
    page = chromium.new_page(viewport=size, color_scheme=scheme, reduced_motion="reduce")
    page.set_default_timeout(browser.PATIENCE)
    visits, responses = [], []
    inside = (home, "data:")
    page.on("request", lambda it: None if it.url.startswith(inside) else visits[-1].outside.append(it.url))
    page.on("response", lambda it: responses.append(it))  # Playwright takes no built-in method
    page.on("console", lambda it: visits[-1].complaints.append(it.text) if it.type in LOUD else None)
    page.on("pageerror", lambda error: visits[-1].complaints.append(str(error)))
    for name in names:
        visits.append(Visit(scheme, name))
        responses.clear()
        _visit(page, f"{home}/{name}", visits[-1])
        visits[-1].missing = [f"{it.status} {it.url}" for it in responses if it.status >= 400]
        visits[-1].bodies = {it.url: it.body() for it in responses if it.status < 300}
    return visits


def _visit(page, url: str, visit: Visit) -> None:
    page.goto(url, wait_until="load")
    awaken(page)
    visit.blank = page.evaluate(BLANK)
    visit.wider_by = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    page.evaluate(AXE)
    result = page.evaluate("tags => axe.run(document, { runOnly: tags, resultTypes: ['violations'] })", RULES)
    visit.violations = [
        f"{it['id']}: {node['target']} {node['html'][:120]}"
        for it in result["violations"]
        for node in it["nodes"]
    ]


# A measured plot is there twice, for wide and for narrow screens: one of the two must show.
BLANK = """() => {
  const shown = (it) => it && it.getBoundingClientRect().height >= 5;
  const twin = (it) => it.closest(".plot-wide")?.nextElementSibling
    ?? it.closest(".plot-narrow")?.previousElementSibling;
  return [...document.querySelectorAll(".frugal-widget, figure, .drawing, .katex-display")]
    .filter((it) => !shown(it) && !shown(twin(it))).map((it) => it.outerHTML.slice(0, 80)); }"""
