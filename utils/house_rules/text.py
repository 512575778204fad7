"""What every page and notebook keeps to: no filler words, named columns, a description for each picture."""

import re
from collections.abc import Iterator

FILLERS = re.compile(r"\b(simply|obviously)\b", re.IGNORECASE)
FENCE = re.compile(r"^(`{3,}|~{3,}|:{3,}).*?^\1[ \t]*$", re.MULTILINE | re.DOTALL)
DIRECTIVE = re.compile(
    r"^(?:`{3,}|:{3,})\{(figure|image)\}(.*?)^(?:`{3,}|:{3,})[ \t]*$", re.MULTILINE | re.DOTALL
)
INLINE_PICTURE = re.compile(r"!\[([^\]]*)\]\(")
TABLE_HEAD = re.compile(r"^\|(.+)\|[ \t]*\n\|[ \t:|-]+\|[ \t]*$", re.MULTILINE)
SHORTEST_ALT = 20  # characters, as in utils.figures


def problems(text: str) -> Iterator[str]:
    """Sentences about filler words, unnamed columns and undescribed pictures in Markdown ``text``."""
    for word in FILLERS.findall(text):
        yield f"says '{word}': whoever does not find it so feels left behind; leave the word out."
    for head in TABLE_HEAD.findall(text):
        if not all(re.sub(r"\$[^$]*\$", "", cell).strip() for cell in head.split("|")):
            yield f"has a table with the head '{head.strip()}': every column needs a name in words."
    for alt in descriptions(text):
        if len(alt) < SHORTEST_ALT:
            yield f"has a picture whose alternative text '{alt}' does not say what is to be seen."


def descriptions(text: str) -> list[str]:
    """The alternative text of every picture, empty where there is none."""
    options = [re.search(r"^:alt:[ \t]*(.*)$", body, re.MULTILINE) for _, body in DIRECTIVE.findall(text)]
    return [found[1].strip() if found else "" for found in options] + INLINE_PICTURE.findall(text)


def prose(text: str) -> str:
    """``text`` without fences' own lines, code, mathematics, roles and the targets of links."""
    text = re.sub(
        r"^(`{3,}|~{3,})(?!\{(?:admonition|dropdown|note|tip|warning|quiz)).*?^\1[ \t]*$",
        "",
        text,
        flags=re.MULTILINE | re.DOTALL,
    )
    text = re.sub(r"^[ \t]*(`{3,}|:{3,}).*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"^:\w+:.*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"\$\$.*?\$\$|\$[^$]*\$", "", text, flags=re.DOTALL)
    text = re.sub(r"\{\w+\}`[^`]*`|`[^`]*`", "", text)
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
