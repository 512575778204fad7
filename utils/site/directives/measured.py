"""Roles for numbers: ``{measured}`` prints a figure of ours, ``{paper}`` marks one that a paper states."""

import re

from docutils import nodes
from sphinx.util.docutils import SphinxRole

from utils.errors import FrugalError
from utils.evidence import store
from utils.evidence.table import NOT_MEASURED, figure_text
from utils.site.directives.markdown import live

TARGET = re.compile(r"(?P<slug>\d\d_[a-z0-9_]+):(?P<key>[a-z0-9-]+)(:(?P<profile>quick|full))?")


class Measured(SphinxRole):
    """A figure from a chapter's results, written ``NN_slug:key`` or ``NN_slug:key:full``."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        live(self.env)
        try:
            text, title = look_up(self.text)
        except FrugalError as error:
            message = self.inliner.reporter.error(str(error), line=self.lineno)
            return [nodes.problematic(self.rawtext, self.rawtext)], [message]
        return [nodes.inline(self.rawtext, text, classes=["measured"], title=title)], []


class Paper(SphinxRole):
    """A number that a paper states, shown as it is: the house rules want a source for every number."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        return [nodes.inline(self.rawtext, self.text, classes=["paper-figure"])], []


def look_up(target: str) -> tuple[str, str]:
    """The figure as text, and what it is.

    Raises
    ------
    FrugalError
        when the target is not written as above or the results have no such figure.
    """
    match = TARGET.fullmatch(target)
    if not match:
        raise FrugalError(f"'{target}' names no figure: write NN_slug:key or NN_slug:key:full.")
    profile = match["profile"] or "quick"
    results = store.load(match["slug"], profile)
    if results is None:
        return f"({NOT_MEASURED} at {profile} scale)", ""
    found = figure(results, match["key"])
    return figure_text(found), found["text"]


def figure(results: dict, key: str) -> dict:
    """The figure of this key."""
    if key not in results["figures"]:
        known = ", ".join(sorted(results["figures"]))
        raise FrugalError(f"the results of {results['chapter']} have no figure '{key}'; they have: {known}.")
    return results["figures"][key]
