"""What becomes of pages once all are there: fewer requests, and later ones; a start page."""

import posixpath
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

from utils.errors import FrugalError
from utils.files import write_atomic
from utils.site.styles import FOLDER, joined

HOME = "book/index.html"
# A line of the theme's script that measures every code cell at once, so that the whole page is laid out at
# once; page.js does it cell by cell.
SCROLL_STOPS = ".forEach(e=>{e.tabIndex=e.scrollWidth>e.clientWidth||e.scrollHeight>e.clientHeight?0:-1})"
SCRIPT = f"{FOLDER}/scripts/pydata-sphinx-theme.js"
ADDRESSES = ("href", "src", "action", "data-content_root")
Change = Callable[[str, dict[str, str | None], str], str]


class Places(HTMLParser):
    """A parser that knows where in the text it is."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=False)
        self._lines = [0]
        for line in html.split("\n"):  # as HTMLParser counts them
            self._lines.append(self._lines[-1] + len(line) + 1)
        self.feed(html)

    def place(self) -> int:
        """The character at which the present tag begins."""
        line, column = self.getpos()
        return self._lines[line - 1] + column


class StartTags(Places):
    """The start tags of a page, with their places; all else stays as it is written.

    Attributes
    ----------
    found : list of (int, str, dict, str)
        Place of the first character, name, attributes and text of each start tag.
    head_end : int
        Where the head ends; -1 without a head.
    """

    def __init__(self, html: str) -> None:
        self.found: list[tuple[int, str, dict[str, str | None], str]] = []
        self.head_end = -1
        super().__init__(html)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        """Note the tag."""
        self.found.append((self.place(), tag, dict(attrs), self.get_starttag_text()))

    def handle_endtag(self, tag: str) -> None:
        """Note the end of the head."""
        if tag == "head":
            self.head_end = self.place()


def rewritten(html: str, tags: list, change: Change) -> str:
    """The page, each of these start tags replaced by what ``change(name, attributes, text)`` gives for it."""
    parts, last = [], 0
    for place, name, attributes, text in tags:
        parts += [html[last:place], change(name, attributes, text)]
        last = place + len(text)
    return "".join([*parts, html[last:]])


def lighten(site: Path) -> None:
    """Take the expensive line out of the theme's script.

    Raises
    ------
    FrugalError
        when the line is not there: a new theme must be looked at.
    """
    script = (site / SCRIPT).read_text(encoding="utf-8")
    if SCROLL_STOPS not in script:
        raise FrugalError(f"{SCRIPT} of this theme has another form: see SCROLL_STOPS in {__name__}.")
    write_atomic(site / SCRIPT, script.replace(SCROLL_STOPS, ""))


def bundle(site: Path) -> None:
    """Rewrite every page of ``site``: one style sheet, deferred scripts, the page's settings in the page."""
    sheets: dict[tuple[Path, ...], str] = {}
    settings = (site / FOLDER / "documentation_options.js").read_text(encoding="utf-8")
    for page in site.rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        tags = StartTags(html)
        if tags.head_end >= 0:
            head = [tag for tag in tags.found if tag[0] < tags.head_end]
            write_atomic(page, _one_sheet(site, page, rewritten(html, head, _later(settings)), sheets))


def _later(settings: str) -> Change:
    """Scripts no longer hold up the text; the few settings that inline scripts read need no request."""

    def change(name: str, attributes: dict[str, str | None], text: str) -> str:
        source = attributes.get("src") or ""
        if name != "script" or not source:
            return text
        if posixpath.basename(source.partition("?")[0]) == "documentation_options.js":
            return f"<script>{settings}"
        if "defer" in attributes or attributes.get("type") == "module":
            return text
        return text.replace("<script ", "<script defer ", 1)

    return change


def _one_sheet(site: Path, page: Path, html: str, sheets: dict[tuple[Path, ...], str]) -> str:
    """The page with one style sheet where the first of its own stood."""
    links = [tag for tag in StartTags(html).found if _is_sheet(tag[1], tag[2])]
    if not links:
        return html
    names = tuple((page.parent / link[2]["href"].partition("?")[0]).resolve() for link in links)
    sheet = sheets.get(names) or sheets.setdefault(names, joined(site, names))
    above = posixpath.relpath(site.resolve().as_posix(), page.parent.resolve().as_posix())
    parts, last = [], 0
    for at, (place, _, _, text) in enumerate(links):
        parts.append(html[last:place].rstrip())
        parts += [f'\n<link rel="stylesheet" href="{above}/{sheet}">'] if at == 0 else []
        last = place + len(text)
    return "".join([*parts, html[last:]])


def _is_sheet(name: str, attributes: dict[str, str | None]) -> bool:
    target = attributes.get("href") or ""
    own = ":" not in target and target.partition("?")[0].endswith(".css")
    return name == "link" and attributes.get("rel") == "stylesheet" and own


def front(site: Path) -> None:
    """Write ``index.html``: ``book/index.html``, not a redirect, its addresses seen from one folder above."""
    html = (site / HOME).read_text(encoding="utf-8")
    write_atomic(site / "index.html", raised(html, posixpath.dirname(HOME)))


def raised(html: str, folder: str) -> str:
    """The page as it must read outside of ``folder``."""

    def change(name: str, attributes: dict[str, str | None], text: str) -> str:
        for key in ADDRESSES:
            before, found, rest = text.partition(f' {key}="')
            address, _, after = rest.partition('"')
            if found and is_relative(address):
                text = f'{before}{found}{_seen(folder, address)}"{after}'
        return text

    return rewritten(html, StartTags(html).found, change)


def is_relative(address: str) -> bool:
    """Whether an address depends on the page's own: no scheme, no place in the page, not from the root."""
    scheme, colon, _ = address.partition(":")
    return not address.startswith(("#", "/")) and not (colon and scheme.isalpha() and scheme.islower())


def _seen(folder: str, address: str) -> str:
    target = posixpath.normpath(posixpath.join(folder, address))
    return target + ("/" if address.endswith("/") else "")
