"""The chapters of the book, read from ``_toc.yml``, the only list of chapters that are written."""

import re
from collections.abc import Iterable
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
    slugs = [chapter.slug for chapter in written(root)]
    if slug := match(name, slugs):
        return Chapter(slug)
    raise FrugalError(f"there is no written chapter '{name}'; written are: {', '.join(slugs)}.")


def match(name: str, slugs: Iterable[str]) -> str | None:
    """The slug that ``name`` means, a number (``11`` or ``7``) or the slug itself."""
    return next((s for s in slugs if name == s or (name.isdigit() and int(name) == int(s[:2]))), None)


def _files(entry: object) -> list[str]:
    """Every ``file:`` and ``root:`` below an entry of the table of contents."""
    if isinstance(entry, list):
        return [file for item in entry for file in _files(item)]
    if not isinstance(entry, dict):
        return []
    own = [entry[key] for key in ("root", "file") if key in entry]
    return own + [file for value in entry.values() for file in _files(value)]
