"""What is looked at: ``{widget}``, ``{plot}`` and ``{arena}``, and a ``{setting}`` that the text names."""

from collections.abc import Callable

import yaml
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective, SphinxRole

from utils.arena.board import points, provenance
from utils.errors import FrugalError
from utils.evidence import metrics, plots, store
from utils.site.directives.markdown import MarkdownDirective, live
from utils.svg import figure_html
from utils.widgets.controls import Choice, Slider
from utils.widgets.static import embed, widget_class


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


WIDTHS = {"wide": 6.5, "narrow": 3.6}  # inches; the page's style sheet shows one of them


class Plot(SphinxDirective):
    """One plot in two widths; its body is the caption.

    Options: ``task``, ``over`` (a quantity of the budget, such as bytes) and ``profile``.
    """

    required_arguments = 2
    final_argument_whitespace = True
    has_content = True
    option_spec = dict.fromkeys(("task", "over", "profile"), directives.unchanged)

    def run(self) -> list[nodes.Node]:
        """The nodes that stand in the page."""
        live(self.env)
        slug, metric = self.arguments
        profile = self.options.get("profile", "quick")
        results = store.load(slug, profile)
        if results is None:
            return [nodes.paragraph(text=f"This plot is drawn when {slug} is measured at {profile} scale.")]
        try:
            return [nodes.raw("", self.html(results, metric), format="html")]
        except FrugalError as error:
            raise self.error(str(error)) from error

    def html(self, results: dict, metric: str) -> str:
        """Both forms, each in a box that the style sheet shows or hides."""
        task, over = self.options.get("task", ""), self.options.get("over", "")
        boxes = []
        for name, width in WIDTHS.items():
            if metric in results.get("series", {}):
                figure, alt = plots.series_figure(results["series"][metric], width)
            else:
                figure, alt = plots.arms_figure(results, metric, task, over, width)
            title, _, rest = alt.partition(". ")
            drawn = figure_html(figure, title, rest, " ".join(self.content))
            boxes.append(f'<div class="plot-{name}">{drawn}</div>')
        return "\n".join(boxes)


class Arena(MarkdownDirective):
    """The arena at one scale; without points a sentence says so."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """The nodes that stand in the page."""
        found = points(self.arguments[0], self.local)
        html = embed("arena", points=found) if found else ""
        return [nodes.raw("", html, format="html"), *super().run()]

    def markdown(self) -> str:
        """The text that stands in the page."""
        return provenance(self.arguments[0])


class Setting(SphinxRole):
    """A value of a widget's control in running text, ``stem:control=value``; the reader must reach it."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """The nodes that stand in the page."""
        live(self.env)
        try:
            text, label = reached(self.text)
        except FrugalError as error:
            message = self.inliner.reporter.error(str(error), line=self.lineno)
            return [nodes.problematic(self.rawtext, self.rawtext)], [message]
        return [nodes.inline(self.rawtext, text, classes=["setting"], title=label)], []


def reached(target: str) -> tuple[str, str]:
    """The value as it is written, or the words of a choice, and the control's label.

    Raises
    ------
    FrugalError
        when there is no such widget or control, or its slider does not stop at the value.
    """
    stem, _, rest = target.partition(":")
    name, _, text = rest.partition("=")
    control = widget_class(stem).controls.get(name)
    if control is None:
        raise FrugalError(
            f"{{setting}}`{target}`: write `stem:control=value`; {stem} has no control '{name}'."
        )
    value = text if isinstance(control, Choice) else yaml.safe_load(text)
    if isinstance(control, Choice) and value in control.choices:
        return control.choices[value], control.label
    if isinstance(control, Slider) and value in control.stops:
        return text, control.label
    raise FrugalError(
        f"{{setting}}`{target}`: '{control.label}' does not reach it; choose a stop, or add it by `also`."
    )
