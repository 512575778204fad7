"""What stands in the pages of the whole book: the map, the scoreboard, the run times."""

from functools import cached_property

from docutils import nodes
from sphinx.util.docutils import SphinxRole

from utils import chapters
from utils.chapters import Book, Chapter, Part
from utils.evidence import scoreboard
from utils.evidence.table import board_markdown, markdown_table
from utils.evidence.verdict import CANNOT_TELL, HOLDS, SUPPORTED, UNDECIDED
from utils.execution.records import RunRecord, all_records
from utils.site.claim_html import board_html
from utils.site.directives.markdown import MarkdownDirective, live
from utils.widgets.static import embed


class ChapterMap(MarkdownDirective):
    """The widget, then one table per part, which says the same without scripts."""

    def run(self) -> list[nodes.Node]:
        """The nodes that stand in the page."""
        html = embed("chapter_map", chapters=entries(chapters.load()))
        return [nodes.raw("", html, format="html"), *super().run()]

    def markdown(self) -> str:
        """The text that stands in the page."""
        book = chapters.load()
        return "\n\n".join(part_markdown(part, book.chapters) for part in book.parts)


def entries(book: Book) -> list[dict]:
    """The chapters as the widget takes them."""
    titles = {part.number: part.title for part in book.parts}
    return [
        {
            "number": int(chapter.number),
            "title": chapter.title,
            "part": chapter.part,
            "part_title": titles[chapter.part],
            "prerequisites": list(chapter.needs),
            "url": f"{chapter.slug}.html" if chapter.written else "",
        }
        for chapter in book.chapters
    ]


def part_markdown(part: Part, found: tuple[Chapter, ...]) -> str:
    """A part's heading, its question, and its chapters."""
    lines = [chapter_row(chapter) for chapter in found if chapter.part == part.number]
    head = "| No | Chapter | The paper | Read before | State |\n| --- | --- | --- | --- | --- |\n"
    return f"## Part {part.number}: {part.title}\n\n{part.question}\n\n{head}" + "\n".join(lines)


def chapter_row(chapter: Chapter) -> str:
    """One chapter; its title is a link once it is written."""
    title = f"[{chapter.title}]({chapter.slug}.md)" if chapter.written else chapter.title
    before = ", ".join(f"{number:02d}" for number in chapter.needs) or "nothing"
    state = "written" if chapter.written else "planned"
    return f"| {chapter.number} | {title} | *{chapter.paper}* ({chapter.year}) | {before} | {state} |"


class Count(SphinxRole):
    """``{count}`word```: how many chapters or claims of the book there are; see :func:`counts`."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """The nodes that stand in the page."""
        live(self.env)
        found = counts(scoreboard.rows(chapter.slug for chapter in chapters.written()))
        if self.text not in found:
            message = self.inliner.reporter.error(
                f"{{count}}`{self.text}`: choose from {', '.join(found)}.", line=self.lineno
            )
            return [nodes.problematic(self.rawtext, self.rawtext)], [message]
        return [nodes.Text(str(found[self.text]))], []


def counts(rows: list[scoreboard.Row]) -> dict[str, int]:
    """Chapters written and planned; claims that were measured, by what came out at the larger scale."""
    written, every = len(chapters.written()), len(chapters.load().chapters)
    last = [found[-1]["verdict"] for row in rows if (found := [c for c in row.measured.values() if c])]
    hold, open_ = (SUPPORTED, HOLDS), (UNDECIDED, CANNOT_TELL)
    return {
        "written": written,
        "planned": every - written,
        "claims": len(last),
        "hold": sum(word in hold for word in last),
        "undecided": sum(word in open_ for word in last),
        "fail": sum(word not in hold + open_ for word in last),
    }


class Scoreboard(MarkdownDirective):
    """The claims of all chapters."""

    def run(self) -> list[nodes.Node]:
        """The nodes that stand in the page."""
        html = board_html(self.rows) if self.rows else "<p>No chapter has been measured yet.</p>"
        return [nodes.raw("", html, format="html"), *super().run()]

    @cached_property
    def rows(self) -> list[scoreboard.Row]:
        """Every claim of every chapter that is written."""
        return scoreboard.rows((chapter.slug for chapter in chapters.written()), self.local)

    def markdown(self) -> str:
        """What stands under the claims."""
        return board_markdown(self.rows) if self.rows else ""


RUN_HEAD = [
    "chapter",
    "profile",
    "processor seconds",
    "this machine's yardstick",
    "seconds by the clock",
    "peak memory, MiB",
    "device",
    "date",
    "state",
]


class Runtimes(MarkdownDirective):
    """The table of run times."""

    def markdown(self) -> str:
        """The text that stands in the page."""
        records = all_records()
        return (
            markdown_table(RUN_HEAD, [run_cells(record) for record in records])
            if records
            else "No notebook has run yet."
        )


def run_cells(record: RunRecord) -> list[str]:
    """One run as cells of the table."""
    times = f"{record.processor_seconds:,.1f}", f"{record.yardstick:.2f}", f"{record.seconds:,.1f}"
    memory = f"{record.peak_memory_bytes / 2**20:,.0f}"
    return [record.slug, record.profile, *times, memory, record.device, record.date[:10], record.status]
