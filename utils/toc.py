"""``_toc.yml``, written from ``book/map.yml``: nobody edits it by hand."""

from pathlib import Path

import yaml

from utils import chapters
from utils.files import write_atomic
from utils.paths import ROOT

HEAD = "# Written by `frugal toc` from book/map.yml: change that file instead.\n"


def text(root: Path = ROOT) -> str:
    """The table of contents: front matter, one caption per part that has written chapters, back matter."""
    book = chapters.load(root)
    parts = [
        {"caption": f"{part.number} {part.title}", "chapters": [_entry(chapter) for chapter in found]}
        for part in book.parts
        if (found := [c for c in book.chapters if c.part == part.number and c.written])
    ]
    toc = {"format": "jb-book", "root": "book/index", "parts": [*book.before, *parts, *book.after]}
    return HEAD + yaml.safe_dump(toc, sort_keys=False)


def write(root: Path = ROOT) -> bool:
    """Bring ``_toc.yml`` up to date; returns whether it changed."""
    path, new = root / "_toc.yml", text(root)
    if path.is_file() and path.read_text(encoding="utf-8") == new:
        return False
    write_atomic(path, new)
    return True


def _entry(chapter: chapters.Chapter) -> dict:
    below = [{"file": f"{folder}/{chapter.slug}"} for folder in ("notebooks", "labs")]
    return {"file": f"book/{chapter.slug}", "sections": below}
