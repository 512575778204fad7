"""``{chapter-map}``: all chapters by part, with what to read before; unwritten ones are marked as planned."""

from functools import cache

import yaml

from utils import chapters
from utils.paths import BOOK
from utils.site.directives.markdown import MarkdownDirective


@cache
def book_map() -> dict:
    """``book/map.yml``: the parts and the chapters of the book, written or not."""
    return yaml.safe_load((BOOK / "map.yml").read_text(encoding="utf-8"))


class ChapterMap(MarkdownDirective):
    """One table a part."""

    def markdown(self) -> str:
        written = {chapter.slug for chapter in chapters.written()}
        book = book_map()
        return "\n\n".join(part_markdown(part, book["chapters"], written) for part in book["parts"])


def part_markdown(part: dict, entries: list[dict], written: set[str]) -> str:
    """A part's heading, its question, and its chapters."""
    lines = [line(entry, written) for entry in entries if entry["part"] == part["number"]]
    head = "| No | Chapter | The paper | Read before | State |\n| --- | --- | --- | --- | --- |\n"
    return f"## Part {part['number']}: {part['title']}\n\n{part['question']}\n\n{head}" + "\n".join(lines)


def line(entry: dict, written: set[str]) -> str:
    """One chapter; its title is a link once it is written."""
    done = entry["slug"] in written
    title = f"[{entry['title']}]({entry['slug']}.md)" if done else entry["title"]
    before = ", ".join(f"{number:02d}" for number in entry["prerequisites"]) or "nothing"
    paper = f"*{entry['paper']}* ({entry['year']})"
    return f"| {entry['number']:02d} | {title} | {paper} | {before} | {'written' if done else 'planned'} |"
