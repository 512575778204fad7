"""The rules for a chapter's page: eight sections, numbers that come from files, a length that can be read."""

import re
from collections.abc import Iterator

from utils.house_rules import text as any_text

SECTIONS = (
    "The idea",
    "The mathematics",
    "Write it yourself",
    "Move it",
    "What the paper claims, what we measured",
    "What could have fooled us, and where it breaks",
    "Since then",
    "Check yourself",
)
# What each section must hold: a pattern, and the sentence of its lack.
NEEDED = {
    "": [
        (r"^`{{3,}}\{{card\}} {slug}$", "has no card at its top: add {{card}} {slug}."),
        (r"(?:^- \*\w+.*\n(?:  .*\n)*){{3,5}}(?!- )", "lists no three to five objectives ('- *verb* ...')."),
    ],
    "Write it yourself": [
        (r"^`{{3,}}\w*\n(?:[^`\n].*\n|\n){{6,14}}`{{3,}}$", "lacks six to twelve lines of pseudocode."),
        (r"\{{settings\}} {slug}", "does not show the settings: add {{settings}} {slug}."),
    ],
    "Move it": [(r"\{{widget\}}", "has nothing to move: add a {{widget}}.")],
    "What the paper claims, what we measured": [
        (r"\{{claims\}} {slug}", "does not show its claims: add {{claims}} {slug}."),
        (r"\{{plot\}} {slug}", "has no measured plot: add {{plot}} {slug}."),
    ],
    "What could have fooled us, and where it breaks": [
        (r"\{{fooled\}} {slug}", "does not show what could have fooled us: add {{fooled}} {slug}.")
    ],
}
WORDS = (1200, 2400)
QUESTIONS = (3, 5)
# A decimal number, a percentage, or a whole number with the unit of a result, outside of roles, code and
# mathematics, was typed by somebody. Examples by hand, things to try and questions may hold such numbers.
TYPED = re.compile(
    r"(?<![\w.:])\d+\.\d+(?![\w.])|(?<![\w.])\d[\d,]* ?%"
    r"|(?<![\w.,])\d[\d,]* (?:points?|nats|times|seconds|bytes|megabytes|kilobytes|percent|errors)\b"
    r"|(?<![\w.,])\d+ of (?:the )?\d+\b"
)
ILLUSTRATING = ("The mathematics", "Write it yourself", "Move it", "Check yourself")
NOT_COUNTED = re.compile(
    r"^\|[^\n]*$|^(`{3,}|:{3,})\{(?:dropdown|quiz)\}.*?^\1[ \t]*$", re.MULTILINE | re.DOTALL
)


def problems(text: str, slug: str, draft: bool) -> Iterator[str]:
    """What a page breaks, one sentence each; a draft need not have its length and its questions yet."""
    yield from any_text.problems(text)
    parts = sections(text)
    if tuple(parts)[1:] != SECTIONS:
        yield f"has the sections {', '.join(tuple(parts)[1:])}; it needs, in order: {', '.join(SECTIONS)}."
        return
    if not re.match(rf"# {int(slug[:2])}\. \S", text):
        yield f"must begin with the heading '# {int(slug[:2])}. Title'."
    for section, needed in NEEDED.items():
        for pattern, said in needed:
            if not re.search(pattern.format(slug=slug), parts[section], re.MULTILINE):
                yield f"{_under(section)} {said.format(slug=slug)}"
    yield from typed(parts, ILLUSTRATING)
    yield from () if draft else sizes(text, parts, WORDS)


def sections(text: str) -> dict[str, str]:
    """The text below each heading of the second level; what stands before the first one has the name ""."""
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return {"": parts[0], **dict(zip(map(str.strip, parts[1::2]), parts[2::2], strict=True))}


def typed(parts: dict[str, str], illustrating: tuple[str, ...]) -> Iterator[str]:
    """Results that were typed, in the sections that report."""
    for name, part in parts.items():
        for number in () if name in illustrating else TYPED.findall(any_text.prose(part)):
            yield f"has the number {number.strip()} typed under '{name or 'the title'}': use a role for it."


def sizes(text: str, parts: dict[str, str], allowed: tuple[int, int]) -> Iterator[str]:
    """Too few or too many words or questions; tables and folded answers are not counted."""
    words = len(any_text.prose(NOT_COUNTED.sub("", text)).split())
    if not allowed[0] <= words <= allowed[1]:
        yield f"has {words} words; a page has {allowed[0]} to {allowed[1]}."
    found = re.findall(r"^(?:`{3,}|:{3,})\{(?:dropdown|quiz)\}", parts["Check yourself"], re.MULTILINE)
    if not QUESTIONS[0] <= len(found) <= QUESTIONS[1]:
        yield (f"asks {len(found)} questions under 'Check yourself'; ask {QUESTIONS[0]} to {QUESTIONS[1]}.")


def _under(section: str) -> str:
    return f"under '{section}'" if section else "at its top"
