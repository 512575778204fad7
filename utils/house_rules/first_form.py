"""The rules for the pages of chapters in their first form; this file goes when the last of them is ported.

They have seven sections, a card written by hand, and no table of settings or dull explanations.
"""

import re
from collections.abc import Iterator

from utils.house_rules import page
from utils.house_rules import text as any_text

SECTIONS = (
    "The idea",
    "The mathematics",
    "Move it",
    "What the paper claims, what we measured",
    "Where it breaks",
    "Since then",
    "Check yourself",
)
CARD = ("Afterwards you can", "Read first", "Time", "Hardware")
WORDS = (1200, 2500)
TYPED = re.compile(r"(?<![\w.:])\d+\.\d+(?![\w.])|(?<![\w.])\d[\d,]* ?%")
ILLUSTRATING = ("The mathematics", "Move it", "Check yourself")


def page_problems(text: str, slug: str) -> Iterator[str]:
    """What a page in its first form breaks, one sentence each."""
    yield from any_text.problems(text)
    parts = page.sections(text)
    if tuple(parts)[1:] != SECTIONS:
        yield f"has the sections {', '.join(tuple(parts)[1:])}; it needs, in order: {', '.join(SECTIONS)}."
        return
    yield from (f"lacks '{item}' in the card at its top." for item in CARD if f"**{item}**" not in parts[""])
    if f"{{claims}} {slug}" not in parts["What the paper claims, what we measured"]:
        yield f"does not show its claims: add {{claims}} {slug}."
    for name, part in parts.items():
        for number in () if name in ILLUSTRATING else TYPED.findall(any_text.prose(part)):
            yield f"has the number {number.strip()} typed under '{name or 'the title'}': use a role for it."
    words = len(any_text.prose(text).split())
    if not WORDS[0] <= words <= WORDS[1]:
        yield f"has {words} words; a page has {WORDS[0]} to {WORDS[1]}."
