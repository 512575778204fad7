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
# How a part grows: 1 with every chapter; kernels one half, since the next chapters bring half as many
# operations each as the first six did; the site by its pages, of which two in five are a chapter's (page,
# notebook, lab and a kernel, of 57 with six chapters). All else stays.
GROWTH = {"notebooks": 1.0, "labs": 1.0, "site": 0.4, "widgets": 1.0, "kernels": 0.5}
SLUG = re.compile(r"\d\d_[a-z0-9_]+")


@dataclass
class Tally:
    """Processor seconds of one check."""

    parts: Counter = field(default_factory=Counter)
    chapters: dict[str, Counter] = field(default_factory=dict)
    yardsticks: list[float] = field(default_factory=list)

    def add_test(self, nodeid: str, seconds: float) -> None:
        """A test's seconds go to its folder below ``tests/``, and to the chapter that it names."""
        folders = PurePath(nodeid.partition("::")[0]).parts[1:-1]
        slug = SLUG.search(nodeid.partition("[")[2])
        self.add(folders[0] if folders else "package", slug[0] if slug else "", seconds)

    def add(self, part: str, slug: str, seconds: float) -> None:
        """Seconds of a part, for one chapter or, with an empty slug, for none."""
        self.parts[part] += seconds
        if slug:
            self.chapters.setdefault(slug, Counter())[part] += seconds

    @property
    def yardstick(self) -> float:
        """How much slower than the book's machine this one was on average during the check."""
        return mean(self.yardsticks) if self.yardsticks else 1.0

    def forecast(self, written: int) -> float:
        """Minutes on two cores of the book's machine, with installation, for a book of ``CHAPTERS``."""
        return minutes(self.parts, CHAPTERS / written) / self.yardstick + INSTALL_MINUTES


def minutes(parts: dict[str, float], factor: float) -> float:
    """Wall time of the parts when there are ``factor`` times as many chapters."""
    seconds = sum(s * (1 + GROWTH.get(part, 0.0) * (factor - 1)) for part, s in parts.items())
    return seconds / (60 * CORES * BUSY)


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
    now = minutes(tally.parts, 1.0) / tally.yardstick + INSTALL_MINUTES
    yield f"This machine's yardstick: {tally.yardstick:.2f} (1: the book's own; 2: half as fast)."
    yield (
        f"A check from nothing on the book's machine: {now:.0f} minutes with {written} chapters, "
        f"{tally.forecast(written):.0f} forecast for {CHAPTERS} (limit: {LIMIT_MINUTES})."
    )
    yield (
        f"The model: {CORES} cores, {BUSY:.0%} busy, {INSTALL_MINUTES} minutes to install; notebooks, labs "
        "and widgets grow with the chapters, kernels and site about half as fast, the rest not."
    )
