"""The style sheets of the built site: no icons of the theme, only rules that pages match, one per page."""

import hashlib
import posixpath
import re
from collections.abc import Iterator
from pathlib import Path

import tinycss2
from tinycss2.ast import Node, StringToken, URLToken

from utils.files import write_atomic

FOLDER = "_static"
THEME = f"{FOLDER}/styles/pydata-sphinx-theme.css"
PURGED = (THEME, f"{FOLDER}/sphinx-design.min.css", f"{FOLDER}/mystnb.*.css")
WORD = re.compile(r"[\w-]+")
NAME = re.compile(r"[.#]((?:[\w-]|\\.)+)")
ICON = "--pst-icon-"
FONT_AWESOME = ("fa", "fas", "far", "fab", "fa-solid", "fa-regular", "fa-brands")


def purge(site: Path) -> None:
    """Rewrite the large style sheets of ``site`` with the rules whose names occur in pages and scripts.

    The theme's own also loses its icon font: ``icons.css`` holds the dozen icons that the book shows.
    """
    words = set()
    for path in [*site.rglob("*.html"), *site.rglob("*.js")]:
        words.update(WORD.findall(path.read_text(encoding="utf-8")))
    for pattern in PURGED:
        for path in site.glob(pattern):
            write_atomic(path, used(path.read_text(encoding="utf-8"), words))


def used(css: str, words: set[str]) -> str:
    """The style sheet without icons and without the rules that need a class or id outside ``words``."""
    return _keep(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True), words)


def _keep(rules: list[Node], words: set[str]) -> str:
    kept = []
    for rule in rules:
        prelude = tinycss2.serialize(rule.prelude)
        if rule.type == "at-rule" and rule.lower_at_keyword in ("media", "supports") and rule.content:
            inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            if body := _keep(inner, words):
                kept.append(f"@{rule.at_keyword}{prelude}{{{body}}}")
        elif not is_icon(rule, prelude) and (rule.type != "qualified-rule" or matches(prelude, words)):
            _empty_icons(rule.content or [])
            kept.append(rule.serialize())
    return "".join(kept)


def is_icon(rule: Node, prelude: str) -> bool:
    """Whether a rule declares the icon font or only serves its classes."""
    if rule.type == "at-rule":
        return rule.lower_at_keyword == "font-face" and "Font Awesome" in rule.serialize()
    names = [one.strip().partition(":")[0] for one in prelude.split(",")]
    return all(one[:1] == "." and (one[1:] in FONT_AWESOME or one.startswith(".fa-")) for one in names)


def _empty_icons(content: list[Node]) -> None:
    """Take the glyphs out of the theme's variables, in place."""
    for i, token in enumerate(content):
        if token.type == "ident" and token.value.startswith(ICON):
            for text in (other for other in content[i + 1 : i + 4] if other.type == "string"):
                text.value, text.representation = "", '""'


def matches(selectors: str, words: set[str]) -> bool:
    """Whether one of the comma-separated selectors names only classes and ids that occur."""
    plain = _without_not(selectors)
    if "(" in plain:  # :is(.a, .b) holds commas of its own: keep such a rule
        return True
    return any(all(name.replace("\\", "") in words for name in NAME.findall(one)) for one in plain.split(","))


def _without_not(selectors: str) -> str:
    tokens, kept = tinycss2.parse_component_value_list(selectors), []
    for token in tokens:
        if (
            token.type == "function"
            and token.lower_name == "not"
            and "(" not in tinycss2.serialize(token.arguments)
        ):
            kept.pop()  # the colon before it
        else:
            kept.append(token)
    return tinycss2.serialize(kept)


def joined(site: Path, names: tuple[Path, ...]) -> str:
    """Write the sheets as one, in their order, and return its path below the site."""
    text = "\n".join(_moved(path, site.resolve() / FOLDER) for path in names)
    name = f"{FOLDER}/page-{hashlib.sha256(text.encode()).hexdigest()[:8]}.css"
    write_atomic(site / name, text)
    return name


def _moved(path: Path, folder: Path) -> str:
    """The sheet, and before it those that it imports, with their relative addresses seen from ``folder``."""
    rules = tinycss2.parse_stylesheet(path.read_text(encoding="utf-8"))
    imported, own = [], []
    for rule in rules:
        target = _imported(rule)
        if target:
            imported.append(_moved((path.parent / target).resolve(), folder))
        else:
            _move_addresses(rule, path.parent, folder)
            own.append(rule.serialize())
    return "\n".join([*imported, "".join(own)])


def _imported(rule: Node) -> str:
    """The address of ``@import "address";``, else nothing."""
    if rule.type != "at-rule" or rule.lower_at_keyword != "import":
        return ""
    texts = [token for token in rule.prelude if token.type != "whitespace"]
    return texts[0].value if len(texts) == 1 and texts[0].type == "string" else ""


def _move_addresses(node: Node, start: Path, folder: Path) -> None:
    for token in _addresses(node):
        if not token.value.startswith(("#", "data:", "http:", "https:")):
            target = posixpath.normpath(f"{start.as_posix()}/{token.value}")
            moved = posixpath.relpath(target, folder.as_posix())
            token.representation = token.representation.replace(token.value, moved)
            token.value = moved


def _addresses(node: Node) -> Iterator[URLToken | StringToken]:
    """Every ``url(...)`` below a node, with or without quotes."""
    for part in [*(getattr(node, "prelude", None) or []), *(getattr(node, "content", None) or [])]:
        yield from _addresses(part)
    if node.type == "url":
        yield node
    if node.type == "function" and node.lower_name == "url":
        yield from (token for token in node.arguments if token.type == "string")
    elif node.type == "function":
        for part in node.arguments:
            yield from _addresses(part)
