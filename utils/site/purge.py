"""Drop the style rules that no page of the site can match: the theme ships far more than a book needs."""

import re
from pathlib import Path

import tinycss2

from utils.files import write_atomic

SHEETS = ("_static/styles/pydata-sphinx-theme.css", "_static/sphinx-design.min.css", "_static/mystnb.*.css")
WORD = re.compile(r"[\w-]+")
NAME = re.compile(r"[.#]((?:[\w-]|\\.)+)")
INSIDE_NOT = re.compile(r":not\([^()]*\)")


def purge(site: Path) -> None:
    """Rewrite the large style sheets of ``site`` with the rules whose names occur in pages and scripts."""
    words = set()
    for path in [*site.rglob("*.html"), *site.rglob("*.js")]:
        words.update(WORD.findall(path.read_text(encoding="utf-8")))
    for pattern in SHEETS:
        for path in site.glob(pattern):
            write_atomic(path, used(path.read_text(encoding="utf-8"), words))


def used(css: str, words: set[str]) -> str:
    """The style sheet without the rules that need a class or id outside ``words``."""
    return _keep(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True), words)


def _keep(rules: list, words: set[str]) -> str:
    kept = []
    for rule in rules:
        if rule.type == "at-rule" and rule.lower_at_keyword in ("media", "supports") and rule.content:
            inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            if body := _keep(inner, words):
                kept.append(f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{body}}}")
        elif rule.type != "qualified-rule" or matches(tinycss2.serialize(rule.prelude), words):
            kept.append(rule.serialize())
    return "".join(kept)


def matches(selectors: str, words: set[str]) -> bool:
    """Whether one of the comma-separated selectors names only classes and ids that occur."""
    plain = INSIDE_NOT.sub("", selectors)
    if "(" in plain:  # :is(.a, .b) holds commas of its own: keep such a rule
        return True
    return any(all(name.replace("\\", "") in words for name in NAME.findall(one)) for one in plain.split(","))
