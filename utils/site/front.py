"""The start page under the site's own address: a copy of ``book/index.html``, not a redirect."""

import posixpath
import re
from pathlib import Path

from utils.files import write_atomic

HOME = "book/index.html"
ADDRESS = re.compile(r' (href|src|action|data-content_root)="(?![a-z]+:|[#/])([^"]*)"')


def front(site: Path) -> None:
    """Write ``index.html`` with the addresses of ``book/index.html`` seen from one folder above."""
    html = (site / HOME).read_text(encoding="utf-8")
    write_atomic(site / "index.html", raised(html, posixpath.dirname(HOME)))


def raised(html: str, folder: str) -> str:
    """The page as it must read outside of ``folder``."""

    def seen(match: re.Match) -> str:
        target = posixpath.normpath(posixpath.join(folder, match[2]))
        return f' {match[1]}="{target}{"/" if match[2].endswith("/") else ""}"'

    return ADDRESS.sub(seen, html)
