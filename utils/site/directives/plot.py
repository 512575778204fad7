"""``{plot} NN_slug METRIC|SERIES``: what was measured, drawn from the recorded results."""

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from utils.errors import FrugalError
from utils.evidence import plots, store
from utils.site.directives.markdown import live
from utils.svg import figure_html

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
