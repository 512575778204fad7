"""Make the built site lighter: drop what the theme ships for icons that this book draws itself."""

import re
from pathlib import Path

from utils.files import write_atomic

FONT = re.compile(r'@font-face\{font-display:block;font-family:"?Font Awesome[^}]*\}')
ICON_RULE = re.compile(r"(?<=\})(?:\.fa[\w-]*(?:::?[\w-]+)?,?)+\{[^{}]*\}")
ICON_TEXT = re.compile(r'(--pst-icon-[\w-]+):"[^"]*"')


def slim(site: Path) -> None:
    """Rewrite the theme's style sheet in ``site`` without its icon font."""
    path = site / "_static" / "styles" / "pydata-sphinx-theme.css"
    write_atomic(path, without_icons(path.read_text(encoding="utf-8")))


def without_icons(css: str) -> str:
    """The style sheet without Font Awesome: no font, no rules of its classes, none of its glyphs."""
    return ICON_TEXT.sub(r'\1:""', _until_stable(ICON_RULE, FONT.sub("", css)))


def _until_stable(pattern: re.Pattern, text: str) -> str:
    """Remove matches until none is left: a rule may only become visible once its neighbor is gone."""
    while (shorter := pattern.sub("", text)) != text:
        text = shorter
    return text
