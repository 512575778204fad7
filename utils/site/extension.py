"""The Sphinx extension of this book, named in ``_config.yml``: it says which part is registered where."""

from sphinx.application import Sphinx

from utils.site import claim_html, drawings, feed, katex, page, strip, widgets
from utils.site.directives import markdown, quiz
from utils.site.directives.book import ChapterMap, Count, Runtimes, Scoreboard
from utils.site.directives.chapter import Card, CiteChapter, Claims, Fooled, Settings
from utils.site.directives.figure import Arena, Plot, Setting, Widget
from utils.site.directives.kernel_bench import KernelBench, KernelHead, KernelIndex
from utils.site.directives.kernel_compiled import KernelCompiled
from utils.site.directives.measured import (
    Effect,
    Measured,
    Paper,
    Record,
    VerdictOf,
    close_record,
    open_record,
)
from utils.site.directives.ways import Ways

DIRECTIVES = {
    "arena": Arena,
    "card": Card,
    "chapter-map": ChapterMap,
    "cite-chapter": CiteChapter,
    "claims": Claims,
    "fooled": Fooled,
    "kernel-bench": KernelBench,
    "kernel-compiled": KernelCompiled,
    "kernel-head": KernelHead,
    "kernel-index": KernelIndex,
    "plot": Plot,
    "runtimes": Runtimes,
    "scoreboard": Scoreboard,
    "settings": Settings,
    "ways": Ways,
    "widget": Widget,
}
ROLES = {
    "count": Count,
    "effect": Effect,
    "measured": Measured,
    "paper": Paper,
    "setting": Setting,
    "verdict": VerdictOf,
}


def setup(app: Sphinx) -> dict:
    """Register drawings, mathematics, directives, roles, quizzes, widgets and the frame of a page."""
    for part in (claim_html, drawings, feed, katex, page, quiz, strip, widgets):
        part.setup(app)
    for name, directive in DIRECTIVES.items():
        app.add_directive(name, directive, override=True)  # sphinx-design has a card of its own
    for name, role in ROLES.items():
        app.add_role(name, role())
    app.add_node(Record, html=(open_record, close_record))
    app.connect("env-get-outdated", markdown.outdated)
    app.connect("env-merge-info", markdown.merge)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
