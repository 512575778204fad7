"""The chapters of the book, read from ``_toc.yml``, the only list of chapters that are written."""

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from utils.errors import FrugalError
from utils.paths import ROOT

SLUG = re.compile(r"(\d\d)_[a-z0-9_]+")


@dataclass(frozen=True)
class Chapter:
    """A written chapter: its page, notebook and lab share one slug (``11_bitnet_reloaded``)."""

    slug: str

    @property
    def number(self) -> str:
        return self.slug[:2]


def written(root: Path = ROOT) -> list[Chapter]:
    """All chapters whose page ``book/NN_slug`` is listed in ``_toc.yml``, in order of their number."""
    toc = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    slugs = {Path(file).name for file in _files(toc) if Path(file).parent.name == "book"}
    return [Chapter(slug) for slug in sorted(slugs) if SLUG.fullmatch(slug)]


def find(name: str, root: Path = ROOT) -> Chapter:
    """The written chapter with this number (``11`` or ``7``) or slug.

    Raises
    ------
    FrugalError
        when no such chapter is written; the message lists those that are.
    """
    chapters = written(root)
    for chapter in chapters:
        if name == chapter.slug or (name.isdigit() and int(name) == int(chapter.number)):
            return chapter
    known = ", ".join(chapter.slug for chapter in chapters)
    raise FrugalError(f"there is no written chapter '{name}'; written are: {known}.")


def _files(entry: object) -> list[str]:
    """Every ``file:`` and ``root:`` below an entry of the table of contents."""
    if isinstance(entry, list):
        return [file for item in entry for file in _files(item)]
    if not isinstance(entry, dict):
        return []
    own = [entry[key] for key in ("root", "file") if key in entry]
    return own + [file for value in entry.values() for file in _files(value)]
