"""Docstrings in NumPy's form as Markdown: paragraphs, and lists where a section has entries."""

import re
import textwrap

SECTION = re.compile(r"^(\w[\w ]*)\n-{3,}$", re.MULTILINE)
SPECIAL = "\\*_[]<>{}$`#|"


def markdown(text: str) -> str:
    """A whole docstring: the summary and other paragraphs as they are, sections with a bold name."""
    before, *sections = SECTION.split(text)
    parts = [_paragraphs(before)]
    for name, body in zip(sections[::2], sections[1::2], strict=True):
        parts += [f"**{name}**", _section(body)]
    return "\n\n".join(part for part in parts if part)


def _section(body: str) -> str:
    """A list of names and what they are, or running text, as under Returns and References."""
    if re.search(r" : |^[ \t]+\S", body, re.MULTILINE):
        return "\n".join(map(_entry, _entries(body)))
    return _paragraphs(body)


def _paragraphs(text: str) -> str:
    """Indented paragraphs are shown as they are written, others flow."""
    found = [part for part in re.split(r"\n[ \t]*\n", text.strip("\n")) if part.strip()]
    shown = [f"~~~text\n{textwrap.dedent(it)}\n~~~" if it.startswith(" ") else escape(it) for it in found]
    return "\n\n".join(shown)


def _entries(body: str) -> list[str]:
    """What begins at the margin, with its indented lines."""
    return re.findall(r"^\S.*(?:\n+[ \t]+\S.*)*", body, re.MULTILINE)


def _entry(text: str) -> str:
    """Begin "name : what it is" and "Error", with what follows indented, with the name as code."""
    head, _, more = text.partition("\n")
    name, colon, said = head.partition(" : ")
    if not colon and not (more and re.fullmatch(r"[\w.]+", head)):
        return f"- {escape(text)}"
    return f"- `{name.strip('`')}`: {escape(' '.join([said, *map(str.strip, more.splitlines())]).strip())}"


def escape(text: str) -> str:
    """Docstring text as Markdown: double backticks become code, everything else is shown as written."""
    parts = " ".join(text.split()).split("``")
    plain = ["".join("\\" + sign if sign in SPECIAL else sign for sign in part) for part in parts[::2]]
    code = [f"`{part}`" for part in parts[1::2]] + [""]
    return "".join(text + mark for text, mark in zip(plain, code, strict=False))
