"""What the whole check costs by part and chapter, and what it will cost with thirty chapters."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from statistics import mean

CHAPTERS = 30
LIMIT_MINUTES = 45
CORES = 2
BUSY = 0.85  # the share of the time in which both cores have work
INSTALL_MINUTES = 3.5
# What names a chapter grows with the chapters: a notebook, a lab, the rules that a chapter keeps. Of the
# rest of a part this share does. Kernels: a half, since the next chapters bring half as many operations as
# the first six did. The site: of what stands on its pages two thirds are on the chapters' (page, notebook,
# lab), a tenth on the kernels'. Widgets: all, one and a half a chapter so far. All else stays.
GROWTH = {"kernels": 0.5, "site": 0.7, "widgets": 1.0}
# Files of these parts that try one thing, however many chapters there are.
FIXED = {
    "kernels": ("assembly", "backends", "bench", "jit"),
    "site": ("axe", "build", "docstring", "kernel_compiled", "lighthouse", "menu", "parts", "quiz", "search"),
    "widgets": ("jupyterlab",),
}
PROOFS = "proofs"  # of labs: only where something changed since the last one, so their time does not grow
SLUG = re.compile(r"\d\d_[a-z0-9_]+")


@dataclass
class Tally:
    """Processor seconds of one check."""

    parts: Counter = field(default_factory=Counter)
    growing: Counter = field(default_factory=Counter)  # those of them that grow with the chapters
    chapters: dict[str, Counter] = field(default_factory=dict)
    yardsticks: list[float] = field(default_factory=list)

    def add_test(self, nodeid: str, seconds: float, part: str = "") -> None:
        """A test's seconds go to a part, by default its folder, and to the chapter that it names."""
        path = PurePath(nodeid.partition("::")[0])
        slug = SLUG.search(nodeid.partition("[")[2])
        folder = path.parts[1] if len(path.parts) > 2 else "package"
        fixed = path.stem.removeprefix("test_") in FIXED.get(folder, ())
        self.add(part or folder, slug[0] if slug else "", seconds, 0.0 if fixed else GROWTH.get(folder, 0.0))

    def add(self, part: str, slug: str, seconds: float, share: float = 0.0) -> None:
        """Seconds of a part: of a chapter, or for an empty slug of none; then this share grows with them."""
        self.parts[part] += seconds
        self.growing[part] += seconds * (1.0 if slug else share)
        if slug:
            self.chapters.setdefault(slug, Counter())[part] += seconds

    @property
    def yardstick(self) -> float:
        """How much slower than the book's machine this one was on average during the check."""
        return mean(self.yardsticks) if self.yardsticks else 1.0

    def minutes(self, written: int, chapters: int, anew: bool = False) -> float:
        """Minutes on two cores of the book's machine, with installation.

        Parameters
        ----------
        written
            The number of chapters that the book has.
        chapters
            The number of those that it is to have.
        anew
            Whether all labs are proved, not only those for which something changed.
        """
        growing = self.growing.total() - (0.0 if anew else self.growing[PROOFS])
        seconds = self.parts.total() + (chapters / written - 1) * growing
        return seconds / (60 * CORES * BUSY) / self.yardstick + INSTALL_MINUTES


def report(tally: Tally, slugs: Sequence[str]) -> Iterable[str]:
    """The lines that stand at the end of a check of a book with these chapters."""
    written = len(slugs)
    yield "Processor seconds by part:"
    yield from (f"  {part:<12} {seconds:7.0f}" for part, seconds in tally.parts.most_common())
    yield "Processor seconds by chapter:"
    for slug in slugs:
        parts = tally.chapters.get(slug, Counter())
        detail = ", ".join(f"{part} {seconds:.0f}" for part, seconds in parts.most_common())
        yield f"  {slug:<24} {parts.total():5.0f}  ({detail})"
    yield f"This machine's yardstick: {tally.yardstick:.2f} (1: the book's own; 2: half as fast)."
    yield (
        f"A check from nothing on the book's machine: {tally.minutes(written, written):.0f} minutes with "
        f"{written} chapters, {tally.minutes(written, CHAPTERS):.0f} forecast for {CHAPTERS} "
        f"(limit: {LIMIT_MINUTES})."
    )
    yield (
        f"The model: {CORES} cores, {BUSY:.0%} busy, {INSTALL_MINUTES} minutes to install; "
        f"{tally.growing.total() / max(tally.parts.total(), 1.0):.0%} of the seconds grow with the chapters."
    )
    proved = [slug for slug in slugs if tally.chapters.get(slug, Counter())[PROOFS]]
    yield f"Labs proved, since something changed: {len(proved)} of {written}."
    if len(proved) == written:
        all_proved = tally.minutes(written, CHAPTERS, anew=True)
        yield f"With each lab of {CHAPTERS} proved: {all_proved:.0f} minutes."
