"""The chapters of the book: ``book/map.yml`` is the only list, and each chapter is one record in it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from utils import strict
from utils.errors import FrugalError
from utils.paths import ROOT

SLUG = re.compile(r"(\d\d)_[a-z0-9_]+")
NAME = "book/map.yml"
STATES = ("planned", "written")
MINUTES = ("read", "run", "lab")


@dataclass(frozen=True)
class Chapter:
    """One chapter: its page, notebook and lab share one slug (``11_bitnet_reloaded``).

    Attributes
    ----------
    slug, title : str
        Its name in paths, and the heading of its page.
    paper, authors, link, cite : str
        The paper, its address, and its key in ``references.bib``.
    we_read : str
        Which parts of paper and code we read, and where the code lies (Markdown).
    year : int
        Of the paper.
    part : str
        Roman number of the part of the book.
    needs, helps : tuple of int
        Chapters to read before, and chapters that help.
    state : str
        "planned" or "written".
    minutes : dict of str to int
        To read the page, to run the notebook at quick, to solve the lab.
    widgets, kernels, data : tuple of str
        Stems in ``utils.widgets``, ``utils.kernels`` and ``utils.data``.
    """

    slug: str
    title: str = ""
    paper: str = ""
    authors: str = ""
    year: int = 0
    link: str = ""
    cite: str = ""
    we_read: str = ""
    part: str = ""
    needs: tuple[int, ...] = ()
    helps: tuple[int, ...] = ()
    state: str = "planned"
    minutes: dict[str, int] = field(default_factory=dict)
    widgets: tuple[str, ...] = ()
    kernels: tuple[str, ...] = ()
    data: tuple[str, ...] = ()

    @property
    def number(self) -> str:
        """Two digits, as in the slug."""
        return self.slug[:2]

    @property
    def written(self) -> bool:
        """Whether the chapter is in the book."""
        return self.state == "written"


@dataclass(frozen=True)
class Part:
    """A part of the book: its number, title, and the question that it asks."""

    number: str
    title: str
    question: str


@dataclass(frozen=True)
class Book:
    """The plan of the book.

    Attributes
    ----------
    parts, chapters : tuple
        In reading order.
    before, after : list
        What ``_toc.yml`` lists before and after the parts.
    """

    parts: tuple[Part, ...]
    chapters: tuple[Chapter, ...]
    before: list
    after: list


def load(root: Path = ROOT) -> Book:
    """Read and check ``book/map.yml``.

    Raises
    ------
    FrugalError
        For the first mistake, with its place.
    """
    content = strict.load(root / NAME, NAME)
    content = strict.fields(content, NAME, {"parts": list, "chapters": list}, {"before": [], "after": []})
    needed = dict.fromkeys(("number", "title", "question"), str)
    parts = tuple(Part(**strict.fields(entry, f"{NAME}, a part", needed)) for entry in content["parts"])
    chapters = tuple(_chapter(entry) for entry in content["chapters"])
    _check(chapters, parts)
    return Book(parts, chapters, content["before"], content["after"])


def written(root: Path = ROOT) -> list[Chapter]:
    """All chapters that are in the book, in order of their number."""
    return sorted((c for c in load(root).chapters if c.written), key=lambda chapter: chapter.slug)


def planned(slug: str, root: Path = ROOT) -> Chapter:
    """The record of this slug, written or not.

    Raises
    ------
    FrugalError
        When ``book/map.yml`` has none.
    """
    found = next((chapter for chapter in load(root).chapters if chapter.slug == slug), None)
    if found is None:
        raise FrugalError(f"{NAME} plans no chapter '{slug}': add it there first.")
    return found


def find(name: str, root: Path = ROOT) -> Chapter:
    """The written chapter with this number (``11`` or ``7``) or slug.

    Raises
    ------
    FrugalError
        When no such chapter is written; the message lists those that are.
    """
    known = {chapter.slug: chapter for chapter in written(root)}
    if slug := match(name, known):
        return known[slug]
    raise FrugalError(f"there is no written chapter '{name}'; written are: {', '.join(known)}.")


def match(name: str, slugs: Iterable[str]) -> str | None:
    """The slug that ``name`` means, a number (``11`` or ``7``) or the slug itself."""
    number = int(name) if re.fullmatch("[0-9]{1,9}", name) else None
    return next((slug for slug in slugs if name == slug or number == int(slug[:2])), None)


def _chapter(entry: Any) -> Chapter:
    where = f"{NAME}, chapter '{entry.get('slug', '?') if isinstance(entry, dict) else entry}'"
    needed = {"slug": str, "title": str, "paper": str, "year": int, "part": str, "state": str}
    lists = {name: [] for name in ("needs", "helps", "widgets", "kernels", "data")}
    texts = dict.fromkeys(("authors", "link", "cite", "we_read"), "")
    found = strict.fields(entry, where, needed, {**lists, **texts, "minutes": {}})
    if not SLUG.fullmatch(found["slug"]):
        raise FrugalError(f"{where}: a slug is two digits and lower-case words, such as 12_denseshift.")
    strict.one_of(found["state"], STATES, f"{where}: 'state'")
    if found["state"] != "planned":
        for name in texts:
            if not found[name]:
                raise FrugalError(f"{where} is written, so '{name}' may not be missing.")
        strict.fields(found["minutes"], f"{where}, minutes", dict.fromkeys(MINUTES, int))
    return Chapter(**{**found, **{name: tuple(found[name]) for name in lists}})


def _check(chapters: tuple[Chapter, ...], parts: tuple[Part, ...]) -> None:
    """Slugs are unique, parts exist, and what a chapter needs comes before it."""
    numbers = [int(chapter.number) for chapter in chapters]
    for chapter in chapters:
        where = f"{NAME}, chapter '{chapter.slug}'"
        if numbers.count(int(chapter.number)) > 1:
            raise FrugalError(f"{where}: another chapter has this number.")
        strict.one_of(chapter.part, [part.number for part in parts], f"{where}: 'part'")
        for number in (*chapter.needs, *chapter.helps):
            if number not in numbers or number >= int(chapter.number):
                raise FrugalError(f"{where}: it rests on chapter {number}, which does not come before it.")
