"""The map of the book: its chapters by part, what to read before each, and what the reader has read."""

import traitlets

from utils.errors import FrugalError
from utils.widgets.base import Widget


def before(number: int, prerequisites: dict[int, list[int]]) -> list[int]:
    """Every chapter that this one rests on, directly or through others, in ascending order."""
    found, open_ones = set(), list(prerequisites[number])
    while open_ones:
        one = open_ones.pop()
        if one not in found:
            found.add(one)
            open_ones += prerequisites[one]
    return sorted(found)


def compute(chapters: list, chapter: int, read: list) -> dict:
    """What stands before the chosen chapter, what rests on it, and what to read next.

    ``chapters`` hold ``number``, ``title``, ``part``, ``part_title``, ``prerequisites`` (numbers) and ``url``
    (empty while the chapter is only planned); ``read`` lists numbers.

    Returns ``before`` (all that the chapter rests on), ``missing`` (of these, written and not read),
    ``after`` (chapters that name it as a prerequisite), ``next`` (written, not read, nothing missing) and
    the counts ``written``, ``read_count`` and ``missing_count``.

    Raises
    ------
    FrugalError
        when there are no chapters, or the chosen one is not among them.
    """
    prerequisites = {entry["number"]: entry["prerequisites"] for entry in chapters}
    if chapter not in prerequisites:
        raise FrugalError("the map has no such chapter: choose one from the list.")
    written = {entry["number"] for entry in chapters if entry["url"]}

    def missing(number: int) -> list[int]:
        return [one for one in before(number, prerequisites) if one in written and one not in read]

    return {
        "before": before(chapter, prerequisites),
        "missing": missing(chapter),
        "after": sorted(number for number, needs in prerequisites.items() if chapter in needs),
        "next": sorted(n for n in written if n not in read and not missing(n)),
        "written": len(written),
        "read_count": sum(number in read for number in prerequisites),
        "missing_count": len(missing(chapter)),
    }


class ChapterMap(Widget):
    """A row a part, a circle a chapter; arrows lead to the chosen chapter from what it rests on."""

    summary = (
        "A map of the book's thirty chapters in eight parts. Choose a chapter to see what to read before it "
        "and what rests on it; mark what you have read. Your marks stay in this browser. The tables on the "
        "page of the map say the same in words."
    )
    chapters = traitlets.List(traitlets.Dict()).tag(sync=True)
    chapter = traitlets.Int(11).tag(sync=True)
    read = traitlets.List(traitlets.Int()).tag(sync=True)
    compute = staticmethod(compute)
