"""``{chapter-map}``: all chapters by part, with what to read before; unwritten ones are marked as planned."""

from functools import cache

import yaml
from docutils import nodes

from utils import chapters
from utils.paths import BOOK
from utils.site.directives.markdown import MarkdownDirective
from utils.widgets.static import embed


@cache
def book_map() -> dict:
    """``book/map.yml``: the parts and the chapters of the book, written or not."""
    return yaml.safe_load((BOOK / "map.yml").read_text(encoding="utf-8"))


class ChapterMap(MarkdownDirective):
    """The widget, then one table a part, which says the same without scripts."""

    def run(self) -> list[nodes.Node]:
        written = {chapter.slug for chapter in chapters.written()}
        html = embed("chapter_map", chapters=entries(written))
        return [nodes.raw("", html, format="html"), *super().run()]

    def markdown(self) -> str:
        written = {chapter.slug for chapter in chapters.written()}
        book = book_map()
        return "\n\n".join(part_markdown(part, book["chapters"], written) for part in book["parts"])


def entries(written: set[str]) -> list[dict]:
    """The chapters as the widget takes them."""
    book = book_map()
    titles = {part["number"]: part["title"] for part in book["parts"]}
    kept = ("number", "title", "part", "prerequisites")
    return [
        {key: entry[key] for key in kept}
        | {
            "part_title": titles[entry["part"]],
            "url": f"{entry['slug']}.html" if entry["slug"] in written else "",
        }
        for entry in book["chapters"]
    ]


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
