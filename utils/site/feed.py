"""``claims.json`` at the root of the site: every claim with what was measured, for programs."""

import json
from pathlib import Path

from sphinx.application import Sphinx

from utils import chapters
from utils.evidence import scoreboard
from utils.files import write_atomic
from utils.site.claim_html import address

NAME = "claims.json"


def entries() -> list[dict]:
    """One entry per claim; ``page`` is its permanent address below the site."""
    rows = scoreboard.rows(chapter.slug for chapter in chapters.written())
    return [
        {
            "id": address(row.chapter, row.claim["key"]),
            "page": f"book/{row.chapter}.html#{address(row.chapter, row.claim['key'])}",
            "chapter": row.chapter,
            "measured": row.measured,
        }
        for row in rows
    ]


def write(app: Sphinx, error: Exception | None) -> None:
    """Put the file into the site."""
    if error is None:
        write_atomic(Path(app.outdir) / NAME, json.dumps(entries()) + "\n")


def setup(app: Sphinx) -> None:
    """Write it when the pages are there."""
    app.connect("build-finished", write)
