"""The whole book as one PDF: every page in reading order, printed by Chromium with the print style sheet."""

from pathlib import Path

import yaml

from utils.files import write_atomic
from utils.paths import ROOT
from utils.site.browser import chromium, served, site
from utils.site.shots import awaken
from utils.site.stage import pages

ARTICLE = """async (names) => {
  const parser = new DOMParser();
  const articles = [];
  for (const name of names) {
    const page = parser.parseFromString(await (await fetch(name)).text(), "text/html");
    const article = page.querySelector("article");
    for (const element of article.querySelectorAll("[src]"))
      element.src = new URL(element.getAttribute("src"), new URL(name, location.href)).pathname;
    for (const link of article.querySelectorAll("a[href]"))
      if (!/^[a-z]+:|^#/.test(link.getAttribute("href"))) link.removeAttribute("href");
    for (const fold of article.querySelectorAll("details")) fold.open = true;
    article.style.breakBefore = "page";
    articles.push(document.adoptNode(article));
  }
  document.querySelector("article").replaceWith(...articles);
}"""


def write(root: Path = ROOT, target: Path | None = None) -> Path:
    """Print the built site into ``_build/frugal-deep-learning.pdf`` (A4) and return its path.

    Raises
    ------
    FrugalError
        when the site is not built or there is no Chromium.
    """
    folder, target = site(root), target or root / "_build" / "frugal-deep-learning.pdf"
    toc = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    names = [f"/{name}.html" for name in pages(toc) if (folder / f"{name}.html").is_file()]
    with served(folder) as address, chromium() as browser:
        page = browser.new_page(color_scheme="light")
        page.goto(
            f"{address}/{next(name for name in names if 'notebooks' in name)[1:]}", wait_until="networkidle"
        )
        page.evaluate(ARTICLE, names)
        page.add_script_tag(url=f"{address}/_static/math.js")
        page.add_script_tag(url=f"{address}/_widgets/host.js?all", type="module")
        page.wait_for_load_state("networkidle")
        awaken(page)
        write_atomic(target, page.pdf(format="A4", print_background=True, outline=True, tagged=True))
    return target
