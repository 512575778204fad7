"""Pictures of every page in both color schemes, on a phone and on a desktop, to be looked at."""

from pathlib import Path

from utils.paths import ROOT
from utils.site.browser import chromium, pages, served, site

SIZES = {"phone": {"width": 360, "height": 740}, "desktop": {"width": 1280, "height": 900}}
SCHEMES = ("light", "dark")


def take(
    root: Path = ROOT, only: str = "", target: Path | None = None, folder: Path | None = None
) -> list[Path]:
    """Save one picture a page, size and scheme of the site in ``folder`` (default ``_build/html``).

    They go to ``target`` (default ``_build/shots``). ``only`` is a part of the page's path.
    """
    folder, target = folder or site(root), target or root / "_build" / "shots"
    chosen = [name for name in pages(folder) if only in name]
    with served(folder) as address, chromium() as browser:
        return [
            picture(browser, f"{address}/{name}", size, scheme, target)
            for size in SIZES
            for scheme in SCHEMES
            for name in chosen
        ]


def picture(browser: object, url: str, size: str, scheme: str, target: Path) -> Path:
    """One picture of the whole page, with its widgets awake."""
    context = browser.new_context(viewport=SIZES[size], color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()
    page.goto(url, wait_until="networkidle")
    awaken(page)
    name = url.split("/", 3)[3].removesuffix(".html").replace("/", "-")
    path = target / f"{name}.{size}.{scheme}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, full_page=True)
    context.close()
    return path


def awaken(page: object) -> None:
    """Wait until the page is laid out, scroll to every widget (they start near the screen), wait for it."""
    page.wait_for_function("'whole' in document.documentElement.dataset")
    for widget in page.query_selector_all(".frugal-widget"):
        widget.scroll_into_view_if_needed()
        page.wait_for_function("element => 'alive' in element.dataset", arg=widget)
    page.evaluate("window.scrollTo(0, 0)")
