"""Roles: ``{measured}``, ``{effect}``, ``{verdict}`` print what is ours, ``{paper}`` marks a paper's."""

import re

from docutils import nodes
from sphinx.util.docutils import SphinxRole

from utils.errors import FrugalError
from utils.evidence import metrics, store
from utils.evidence.table import effect_text, metric_text, verdict_text
from utils.evidence.verdict import NOT_MEASURED
from utils.site.directives.markdown import live

TARGET = re.compile(r"(?P<slug>\d\d_[a-z0-9_]+):(?P<key>[a-z0-9-]+)(:(?P<profile>quick|full))?")


class Measured(SphinxRole):
    """A metric from a chapter's results, written ``NN_slug:key`` or ``NN_slug:key:full``."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """The nodes that stand in the page."""
        live(self.env)
        try:
            text, title = self.look_up(*parse(self.text))
        except FrugalError as error:
            message = self.inliner.reporter.error(str(error), line=self.lineno)
            return [nodes.problematic(self.rawtext, self.rawtext)], [message]
        return [nodes.inline(self.rawtext, text, classes=["measured"], title=title)], []

    def look_up(self, results: dict | None, key: str) -> tuple[str, str]:
        """What stands in the page, and what it is."""
        if results is None:
            return f"({NOT_MEASURED})", ""
        found = metrics.find(results, key)
        return metric_text(found), found["text"]


class Effect(Measured):
    """The effect of a claim with its interval."""

    def look_up(self, results: dict | None, key: str) -> tuple[str, str]:
        """The text shown and the words that a pointer gets."""
        claim = metrics.find_claim(results, key) if results else None
        if claim is None or claim["verdict"] == NOT_MEASURED:
            return f"({NOT_MEASURED})", ""
        return self.text_of(claim), claim["says"]

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
