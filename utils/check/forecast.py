"""What the whole check costs by part and chapter, and what it will cost with thirty chapters."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from statistics import mean

CHAPTERS = 30
LIMIT_MINUTES = 45
CORES = 2
BUSY = 0.85  # the share of the time in which both cores have work
INSTALL_MINUTES = 3.5
# What names a chapter grows with the chapters: a notebook, a lab, the rules that a chapter keeps. Of the rest
# of a part this share does. Kernels: a half, since the next chapters bring half as many operations each as the
# first six did. The site: two fifths, its pages that are a chapter's (page, notebook, lab, kernel; of 57 with
# six chapters). Widgets: all, one and a half a chapter so far. All else stays.
GROWTH = {"kernels": 0.5, "site": 0.4, "widgets": 1.0}
PROOFS = "proofs"  # of labs: only where something changed since the last one, so their time does not grow
SLUG = re.compile(r"\d\d_[a-z0-9_]+")


@dataclass
class Tally:
    """Processor seconds of one check."""

    parts: Counter = field(default_factory=Counter)
    chapters: dict[str, Counter] = field(default_factory=dict)
    yardsticks: list[float] = field(default_factory=list)

    def add_test(self, nodeid: str, seconds: float, part: str = "") -> None:
        """A test's seconds go to a part, by default its folder, and to the chapter that it names."""
        folders = PurePath(nodeid.partition("::")[0]).parts[1:-1]
        slug = SLUG.search(nodeid.partition("[")[2])
        self.add(part or (folders[0] if folders else "package"), slug[0] if slug else "", seconds)

    def add(self, part: str, slug: str, seconds: float) -> None:
        """Seconds of a part, for one chapter or, with an empty slug, for none."""
        self.parts[part] += seconds
        if slug:
            self.chapters.setdefault(slug, Counter())[part] += seconds

    @property
    def yardstick(self) -> float:
        """How much slower than the book's machine this one was on average during the check."""
        return mean(self.yardsticks) if self.yardsticks else 1.0

    def minutes(self, slugs: Collection[str], chapters: int, anew: bool = False) -> float:
        """Minutes on two cores of the book's machine, with installation, for so many chapters.

        Parameters
        ----------
        slugs
            The chapters that the book has.
        anew
            Whether all labs are proved, not only those that something changed for.
        """
        factor = chapters / len(slugs) - 1
        seconds = sum(
            spent + factor * self._grows(part, spent, slugs, anew) for part, spent in self.parts.items()
        )
        return seconds / (60 * CORES * BUSY) / self.yardstick + INSTALL_MINUTES

    def _grows(self, part: str, spent: float, slugs: Collection[str], anew: bool) -> float:
        """The seconds of a part that are there once more when there are twice as many chapters."""
        if part == PROOFS:
            return spent if anew else 0.0
        named = sum(self.chapters[slug][part] for slug in slugs if slug in self.chapters)
        return named + GROWTH.get(part, 0.0) * (spent - named)


def report(tally: Tally, slugs: Sequence[str]) -> Iterable[str]:
    """The lines that stand at the end of a check of a book with these chapters."""
    yield "Processor seconds by part:"
    yield from (f"  {part:<12} {seconds:7.0f}" for part, seconds in tally.parts.most_common())
    yield "Processor seconds by chapter:"
    for slug in slugs:
        parts = tally.chapters.get(slug, Counter())
        detail = ", ".join(f"{part} {seconds:.0f}" for part, seconds in parts.most_common())
        yield f"  {slug:<24} {parts.total():5.0f}  ({detail})"
    yield f"This machine's yardstick: {tally.yardstick:.2f} (1: the book's own; 2: half as fast)."
    yield (
        f"A check from nothing on the book's machine: {tally.minutes(slugs, len(slugs)):.0f} minutes with "
        f"{len(slugs)} chapters, {tally.minutes(slugs, CHAPTERS):.0f} forecast for {CHAPTERS} "
        f"(limit: {LIMIT_MINUTES})."
    )
    yield (
        f"The model: {CORES} cores, {BUSY:.0%} busy, {INSTALL_MINUTES} minutes to install; what names a "
        "chapter grows with them, and of the rest of widgets all, of kernels a half, of the site two fifths."
    )
    proved = [slug for slug in slugs if tally.chapters.get(slug, Counter())[PROOFS]]
    yield f"Labs proved, since something changed: {len(proved)} of {len(slugs)}."
    if len(proved) == len(slugs):
        yield f"With each lab of {CHAPTERS} proved: {tally.minutes(slugs, CHAPTERS, anew=True):.0f} minutes."
