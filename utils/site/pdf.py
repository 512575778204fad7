"""The whole book as one PDF: every page in reading order, printed by Chromium with the print style sheet."""

from pathlib import Path

import yaml

from utils.files import write_atomic
from utils.paths import ROOT
from utils.site.browser import PATIENCE, chromium, served, site
from utils.site.shots import awaken
from utils.site.stage import pages

# Collects the articles of all pages. Two pages may use the same id: each gets the number of its page.
ARTICLES = """async (names) => {
  const parser = new DOMParser();
  const articles = [];
  const own = (number, id) => `page${number}-${id}`;
  for (const [number, name] of names.entries()) {
    const page = parser.parseFromString(await (await fetch(name)).text(), "text/html");
    const article = page.querySelector("article");
    const here = new URL(name, location.href);
    for (const element of article.querySelectorAll("[src]"))
      element.src = new URL(element.getAttribute("src"), here).pathname;
    for (const element of article.querySelectorAll("[id]:not(svg *)")) element.id = own(number, element.id);
    article.id = own(number, "");
    for (const link of article.querySelectorAll("a[href]")) {
      const target = new URL(link.getAttribute("href"), here);
      const found = names.indexOf(target.pathname);
      if (found >= 0) link.setAttribute("href", "#" + own(found, target.hash.slice(1)));
      else if (target.origin === here.origin) link.removeAttribute("href");
    }
    for (const fold of article.querySelectorAll("details")) fold.open = true;
    if (number) article.style.breakBefore = "page";
    articles.push(document.adoptNode(article));
  }
  document.querySelector("article").replaceWith(...articles);
}"""

COLUMN = {"width": 658, "height": 900}  # what the margins leave of an A4 sheet, in CSS pixels
NUMBER = '<p style="width:100%;font-size:8pt;text-align:center"><span class="pageNumber"></span></p>'
PAPER = {
    "format": "A4",
    "print_background": True,
    "outline": True,
    "tagged": True,
    "display_header_footer": True,
    "header_template": "<p></p>",
    "footer_template": NUMBER,
}


def write(root: Path = ROOT, target: Path | None = None, folder: Path | None = None) -> Path:
    """Print the built site (``folder``, by default ``_build/html``) into one A4 PDF and return its path.

    Without ``target`` that is ``_build/frugal-deep-learning.pdf``.

    Raises
    ------
    FrugalError
        when the site is not built or there is no Chromium.
    """
    folder, target = folder or site(root), target or root / "_build" / "frugal-deep-learning.pdf"
    toc = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    names = [f"/{name}.html" for name in pages(toc, root) if (folder / f"{name}.html").is_file()]
    with served(folder) as address, chromium() as browser:
        write_atomic(target, gather(browser, address, names).pdf(**PAPER))
    return target


def gather(browser: object, address: str, names: list[str]) -> object:
    """The tab that shows the articles of all pages, widgets drawn, as they are printed."""
    page = browser.new_page(color_scheme="light", viewport=COLUMN)
    page.set_default_timeout(PATIENCE)
    page.emulate_media(media="print")
    page.goto(address + next(name for name in names if "notebooks" in name), wait_until="networkidle")
    page.evaluate(ARTICLES, names)
    page.add_script_tag(url=f"{address}/_widgets/host.js?all", type="module")  # again, for what came in
    page.wait_for_load_state("networkidle")
    awaken(page)
    return page
