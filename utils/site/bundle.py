"""Fewer requests, and later ones: one style sheet a page, and scripts that no longer hold up the text."""

import hashlib
import posixpath
import re
from pathlib import Path

from utils.files import write_atomic

SHEET = re.compile(
    r'\s*<link (?:rel="stylesheet"(?: type="text/css")? )?href="([^"?:]+\.css)(?:\?[^"]*)?"[^>]*>'
)
SCRIPT = re.compile(r'<script (?=[^>]*src=")(?![^>]*(?:defer|type="module"))')
OPTIONS = re.compile(r'<script src="[^"]*documentation_options\.js[^"]*"></script>')
ADDRESS = re.compile(r"url\((?!['\"]?(?:data:|#|[a-z]+:))(['\"]?)([^)'\"]+)\1\)")
IMPORT = re.compile(r'@import "([^"]+)";')
FOLDER = "_static"


def bundle(site: Path) -> None:
    """Rewrite every page of ``site``: one style sheet, deferred scripts, the page's settings in the page."""
    sheets: dict[tuple[Path, ...], str] = {}
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        head, end, body = text.partition("</head>")
        if end:
            write_atomic(page, _head(site, page.parent, head, sheets) + end + body)


def _head(site: Path, folder: Path, head: str, sheets: dict[tuple[Path, ...], str]) -> str:
    names = tuple((folder / name).resolve() for name in SHEET.findall(head))
    if names:
        sheet = sheets.get(names) or sheets.setdefault(names, _join(site, names))
        first = SHEET.search(head).start()
        above = posixpath.relpath(site.resolve().as_posix(), folder.resolve().as_posix())
        rest = SHEET.sub("", head)
        head = f'{rest[:first]}\n<link rel="stylesheet" href="{above}/{sheet}">{rest[first:]}'
    head = OPTIONS.sub(lambda _: _options(site), head)
    return SCRIPT.sub("<script defer ", head)


def _join(site: Path, names: tuple[Path, ...]) -> str:
    """Write the sheets as one, in their order, and return its path below the site."""
    text = "\n".join(_moved(path, site.resolve() / FOLDER) for path in names)
    name = f"{FOLDER}/page-{hashlib.sha256(text.encode()).hexdigest()[:8]}.css"
    write_atomic(site / name, text)
    return name


def _moved(path: Path, folder: Path) -> str:
    """The sheet, and those that it imports, with their relative addresses seen from ``folder``."""

    def seen(match: re.Match) -> str:
        target = posixpath.normpath(path.parent.as_posix() + "/" + match[2])
        return f"url({match[1]}{posixpath.relpath(target, folder.as_posix())}{match[1]})"

    own = IMPORT.split(path.read_text(encoding="utf-8"))
    texts = [_moved((path.parent / part).resolve(), folder) for part in own[1::2]]
    return "\n".join([*texts, *(ADDRESS.sub(seen, part) for part in own[::2])])


def _options(site: Path) -> str:
    """The few settings that inline scripts read: too small for a request of their own."""
    script = (site / FOLDER / "documentation_options.js").read_text(encoding="utf-8")
    return f"<script>{script}</script>"
