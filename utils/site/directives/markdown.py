"""What most directives of this book do: make Markdown from files and let MyST parse it in place."""

import hashlib
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from utils.evidence.store import LOCAL_NOTICE
from utils.paths import BOOK, BUILD, CLAIMS, NOTEBOOKS, PACKAGE, RESULTS

LIVE, SHOWN = "frugal_live_pages", "frugal_shown"
# Where the data come from that such pages show, and the code that shows them.
SOURCES = (RESULTS, BUILD / "results", BUILD / "executed", BOOK / "map.yml", CLAIMS, NOTEBOOKS, PACKAGE)
KINDS = {".ipynb", ".json", ".jsonl", ".yml", ".py", ".js"}


class MarkdownDirective(SphinxDirective):
    """A directive whose content is the Markdown that ``markdown`` returns.

    With the option ``local`` it shows what this machine measured, under a notice, instead of the record.
    """

    option_spec = {"local": directives.flag}  # noqa: RUF012 - docutils' own way

    @property
    def local(self) -> bool:
        """Whether this machine's own results are asked for."""
        return "local" in self.options

    def run(self) -> list[nodes.Node]:
        """The nodes that stand in the page."""
        live(self.env)
        holder = nodes.container(classes=[f"frugal-{self.name}"])
        lines = [f"*{LOCAL_NOTICE}*", ""] if self.local else []
        lines += self.markdown().splitlines()
        self.state.nested_parse(StringList(lines, source=self.name), self.content_offset, holder)
        return [holder]

    def markdown(self) -> str:
        """The text that stands in the page instead of the directive."""
        raise NotImplementedError


def live(env: object) -> None:
    """Remember that this page shows data from outside its source: it is read again when these change."""
    pages = getattr(env, LIVE, set())
    setattr(env, LIVE, pages | {env.docname})


def outdated(app: object, env: object, added: set, changed: set, removed: set) -> list[str]:
    """Sphinx asks which pages are out of date besides those whose source changed."""
    before, now = getattr(env, SHOWN, ""), shown()
    setattr(env, SHOWN, now)
    return sorted(getattr(env, LIVE, set()) & env.found_docs) if now != before else []


def shown() -> str:
    """SHA-256 of everything that a page may show without containing it."""
    below = (file for source in SOURCES for file in ([source] if source.is_file() else source.rglob("*")))
    files = sorted(file for file in below if file.suffix in KINDS and file.is_file())
    return hashlib.sha256(b"".join(_digest(file) for file in files)).hexdigest()


def _digest(file: Path) -> bytes:
    return hashlib.sha256(str(file).encode() + b"\0" + file.read_bytes()).digest()


def merge(app: object, env: object, docnames: list[str], other: object) -> None:
    """Sphinx read pages in another process: take over what it remembered."""
    setattr(env, LIVE, getattr(env, LIVE, set()) | getattr(other, LIVE, set()))
