"""The rules for a chapter's page: eight sections, numbers that come from files, a length that can be read."""

import re
from collections.abc import Iterator

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
QUESTIONS = (3, 5)
# A decimal number or a percentage outside of roles, code and mathematics was typed by somebody. Examples
# by hand, things to try and questions may hold such numbers; the sections that report may not.
TYPED = re.compile(r"(?<![\w.:])\d+\.\d+(?![\w.])|(?<![\w.])\d[\d,]* ?%")
REPORTING = ("", "The idea", "What the paper claims, what we measured", "Where it breaks", "Since then")


def problems(text: str, slug: str, draft: bool) -> Iterator[str]:
    """What a page breaks, one sentence each; a draft need not have its length and its questions yet."""
    yield from any_text.problems(text)
    parts = sections(text)
    if tuple(parts)[1:] != SECTIONS:
        yield f"has the sections {', '.join(tuple(parts)[1:])}; it needs, in order: {', '.join(SECTIONS)}."
        return
    if not re.match(rf"# {int(slug[:2])}\. \S", text):
        yield f"must begin with the heading '# {int(slug[:2])}. Title'."
    yield from (f"lacks '{item}' in the card at its top." for item in CARD if f"**{item}**" not in parts[""])
    yield from _directives(parts, slug)
    for name in REPORTING:
        for number in TYPED.findall(any_text.prose(parts[name])):
            yield f"has the number {number.strip()} typed under '{name or 'the title'}': use a role for it."
    yield from () if draft else _sizes(text, parts)


def sections(text: str) -> dict[str, str]:
    """The text below each heading of the second level; what stands before the first one has the name ""."""
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return {"": parts[0], **dict(zip(map(str.strip, parts[1::2]), parts[2::2], strict=True))}


def _directives(parts: dict[str, str], slug: str) -> Iterator[str]:
    if "{widget}" not in parts["Move it"]:
        yield "has nothing to move under 'Move it': add a {widget}."
    if f"{{claims}} {slug}" not in parts["What the paper claims, what we measured"]:
        yield f"does not show its claims: add {{claims}} {slug}."


def _sizes(text: str, parts: dict[str, str]) -> Iterator[str]:
    words = len(any_text.prose(text).split())
    if not WORDS[0] <= words <= WORDS[1]:
        yield f"has {words} words; a page has {WORDS[0]} to {WORDS[1]}."
    questions = len(
        re.findall(r"^(?:`{3,}|:{3,})\{(?:dropdown|quiz)\}", parts["Check yourself"], re.MULTILINE)
    )
    if not QUESTIONS[0] <= questions <= QUESTIONS[1]:
        yield f"asks {questions} questions under 'Check yourself'; ask {QUESTIONS[0]} to {QUESTIONS[1]}."
