"""``{ways}``: every kind of dull explanation with the claims that test it, from all chapters."""

from collections.abc import Sequence

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from utils import chapters
from utils.evidence import scoreboard
from utils.evidence.explanations import KINDS
from utils.evidence.scoreboard import Row
from utils.site.claim_html import legend, list_html
from utils.site.directives.markdown import live


class Ways(SphinxDirective):
    """A section for each kind that a chapter tests; the others are named at the end."""

    def run(self) -> list[nodes.Node]:
        """The nodes that stand in the page."""
        live(self.env)
        found = by_kind(scoreboard.rows(chapter.slug for chapter in chapters.written()))
        untested = [kind for kind in KINDS if kind not in found]
        rows = [row for kind in found.values() for row in kind]
        parts = [nodes.raw("", legend(rows), format="html"), *(_section(*it) for it in found.items())]
        if untested:
            parts.append(nodes.paragraph(text=f"No chapter tests these yet: {', '.join(untested)}."))
        return parts


def by_kind(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """The claims under the kind of explanation that they test, in the order of the list of kinds."""
    tested = {kind: [row for row in rows if row.claim["tests"] == kind] for kind in KINDS}
    return {kind: rows for kind, rows in tested.items() if rows}


def _section(kind: str, rows: Sequence[Row]) -> nodes.section:
    section = nodes.section(ids=[f"fooled-by-{kind.replace(' ', '-')}"], names=[f"fooled by {kind}"])
    section += nodes.title(text=kind[0].upper() + kind[1:])
    section += nodes.paragraph(text=f"{KINDS[kind]} {counted(rows)}")
    section += nodes.raw("", list_html(rows), format="html")
    return section


def counted(rows: Sequence[Row]) -> str:
    """How many claims of how many chapters test it, and what came out at quick."""
    words = [claim["verdict"] for row in rows if (claim := row.measured["quick"])]
    found = ", ".join(f"{words.count(word)} {word}" for word in dict.fromkeys(words)) or "none measured yet"
    claims, books = len(rows), len({row.chapter for row in rows})
    return f"Tested by {_number(claims, 'claim')} of {_number(books, 'chapter')}; at quick: {found}."


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' if count != 1 else ''}"
