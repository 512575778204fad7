"""Make the built site lighter: drop what the theme ships and this book does by itself."""

import re
from pathlib import Path

from utils.files import write_atomic

FONT = re.compile(r'@font-face\{font-display:block;font-family:"?Font Awesome[^}]*\}')
ICON_RULE = re.compile(r"(?<=\})(?:\.fa[\w-]*(?:::?[\w-]+)?,?)+\{[^{}]*\}")
# Measures every code cell at once, so the whole page is laid out at once; page.js does it cell by cell.
SCROLL_STOPS = ".forEach(e=>{e.tabIndex=e.scrollWidth>e.clientWidth||e.scrollHeight>e.clientHeight?0:-1})"
ICON_TEXT = re.compile(r'(--pst-icon-[\w-]+):"[^"]*"')


def slim(site: Path) -> None:
    """Rewrite the theme's style sheet in ``site`` without its icon font, its script without scroll stops."""
    theme = site / "_static"
    for path, lighter in (
        (theme / "styles" / "pydata-sphinx-theme.css", without_icons),
        (theme / "scripts" / "pydata-sphinx-theme.js", without_scroll_stops),
    ):
        write_atomic(path, lighter(path.read_text(encoding="utf-8")))


def without_icons(css: str) -> str:
    """The style sheet without Font Awesome: no font, no rules of its classes, none of its glyphs."""
    return ICON_TEXT.sub(r'\1:""', _until_stable(ICON_RULE, FONT.sub("", css)))


def without_scroll_stops(script: str) -> str:
    """The script without the function's one expensive line."""
    return script.replace(SCROLL_STOPS, "")


def _until_stable(pattern: re.Pattern, text: str) -> str:
    """Remove matches until none is left: a rule may only become visible once its neighbor is gone."""
    while (shorter := pattern.sub("", text)) != text:
        text = shorter
    return text
