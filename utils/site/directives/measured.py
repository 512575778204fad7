"""Roles: ``{measured}``, ``{effect}``, ``{verdict}`` print what is ours, ``{paper}`` marks a paper's."""

import posixpath
import re
from html import escape

from docutils import nodes
from sphinx.util.docutils import SphinxRole
from sphinx.writers.html import HTMLTranslator

from utils.errors import FrugalError
from utils.evidence import metrics, store
from utils.evidence.table import effect_text, metric_text, number_text, provenance_text, verdict_text
from utils.evidence.verdict import NOT_MEASURED
from utils.site.claim_html import address
from utils.site.directives.markdown import live

TARGET = re.compile(r"(?P<slug>\d\d_[a-z0-9_]+):(?P<key>[a-z0-9-]+)(:(?P<profile>quick|full))?")


class Record(nodes.inline):
    """A measured number: a button that opens its record, ``lines`` of HTML."""


def open_record(self: HTMLTranslator, node: Record) -> None:
    """The button; each has a record of its own, since a shared one would mark all buttons as open."""
    self.frugal_records = getattr(self, "frugal_records", 0) + 1
    name = f"record-{self.frugal_records}"
    self.body.append(f'<button type="button" class="measured" popovertarget="{name}">')


def close_record(self: HTMLTranslator, node: Record) -> None:
    """The record."""
    lines = "".join(f"<span>{line}</span>" for line in node["lines"])
    self.body.append(
        f'</button><span class="record" popover id="record-{self.frugal_records}">{lines}</span>'
    )


def relative(docname: str, target: str) -> str:
    """The address of a page as seen from another."""
    return posixpath.relpath(target, posixpath.dirname(docname) or ".")


def run_lines(docname: str, results: dict) -> list[str]:
    """Which run it comes from, where its code is, how to repeat it."""
    slug = results["chapter"]
    notebook = f'<a href="{relative(docname, f"notebooks/{slug}.html")}">Notebook {slug[:2]}</a>'
    again = f"<code>frugal run {slug[:2]} --profile {results['profile']}</code>"
    return [escape(provenance_text(results)), f"{notebook}; again: {again}"]


class Measured(SphinxRole):
    """A metric from a chapter's results, written ``NN_slug:key`` or ``NN_slug:key:full``."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """The nodes that stand in the page."""
        live(self.env)
        try:
            text, lines = self.look_up(*parse(self.text))
        except FrugalError as error:
            message = self.inliner.reporter.error(str(error), line=self.lineno)
            return [nodes.problematic(self.rawtext, self.rawtext)], [message]
        if not lines:
            return [nodes.inline(self.rawtext, text)], []
        number, space, spread = text.partition(" (")  # a button does not break between lines: keep it short
        return [Record(self.rawtext, number, lines=lines), nodes.Text(space + spread)], []

    def look_up(self, results: dict | None, key: str) -> tuple[str, list[str]]:
        """What stands in the page, and its record as lines of HTML."""
        if results is None:
            return f"({NOT_MEASURED})", []
        found = metrics.find(results, key)
        values = found.get("values", ())
        seeds = [f"Every seed: {', '.join(map(number_text, values))}."] if values else []
        return metric_text(found), [escape(found["text"]), *seeds, *run_lines(self.env.docname, results)]


class Effect(Measured):
    """The effect of a claim with its interval."""

    def look_up(self, results: dict | None, key: str) -> tuple[str, list[str]]:
        """What stands in the page, and its record as lines of HTML."""
        claim = metrics.find_claim(results, key) if results else None
        if claim is None or claim["verdict"] == NOT_MEASURED:
            return f"({NOT_MEASURED})", []
        page = relative(self.env.docname, f"book/{results['chapter']}.html")
        link = f'<a href="{page}#{address(results["chapter"], claim["key"])}">{escape(claim["says"])}</a>'
        judged = f"{verdict_text(claim)}: {effect_text(claim)}, {len(claim['seeds'])} seeds."
        return self.text_of(claim), [link, escape(judged), *run_lines(self.env.docname, results)]

    def text_of(self, claim: dict) -> str:
        """The part of a measured claim that is printed."""
        return effect_text(claim)


class VerdictOf(Effect):
    """The word on a claim."""

    def text_of(self, claim: dict) -> str:
        """The verdict in words."""
        return verdict_text(claim)


class Paper(SphinxRole):
    """A number that a paper states, shown as it is: the house rules want a source for every number."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """The nodes that stand in the page."""
        return [nodes.inline(self.rawtext, self.text, classes=["paper-figure"])], []


def parse(target: str) -> tuple[dict | None, str]:
    """The results that a role names (None where nobody measured them), and its key.

    Raises
    ------
    FrugalError
        When the target is not written as above.
    """
    match = TARGET.fullmatch(target)
    if not match:
        raise FrugalError(f"'{target}' names nothing measured: write NN_slug:key or NN_slug:key:full.")
    return store.load(match["slug"], match["profile"] or "quick"), match["key"]
