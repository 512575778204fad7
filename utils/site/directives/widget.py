"""``{widget} stem``: a figure that moves. Its body is YAML, the state; ``=key`` is a measured number."""

from collections.abc import Callable

import yaml
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from utils.errors import FrugalError
from utils.evidence import metrics, store
from utils.site.directives.markdown import live
from utils.widgets.static import embed


class Widget(SphinxDirective):
    """One widget; the option ``chapter`` names the results that ``=key`` reads."""

    required_arguments = 1
    has_content = True
    option_spec = {"chapter": directives.unchanged}  # noqa: RUF012 - docutils' own way

    def run(self) -> list[nodes.Node]:
        """The nodes that stand in the page."""
        live(self.env)
        state = yaml.safe_load("\n".join(self.content)) or {}
        try:
            results = store.load(self.options["chapter"], "quick") if "chapter" in self.options else None
            html = embed(self.arguments[0], **fill(state, lambda key: values(results, key)))
        except FrugalError as error:
            raise self.error(str(error)) from error
        return [nodes.raw("", html, format="html")]


def fill(state: object, look_up: Callable[[str], object]) -> object:
    """``state`` with each text ``=key`` replaced by the metric of that key."""
    if isinstance(state, dict):
        return {name: fill(value, look_up) for name, value in state.items()}
    if isinstance(state, list):
        return [fill(value, look_up) for value in state]
    if isinstance(state, str) and state.startswith("="):
        return look_up(state[1:])
    return state


def values(results: dict | None, key: str) -> object:
    """The value or values of a metric."""
    if results is None:
        raise FrugalError(f"metric '{key}' is not measured yet: run the chapter first.")
    found = metrics.find(results, key)
    return found["value"] if "value" in found else found["values"]
