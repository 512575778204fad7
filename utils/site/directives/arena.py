"""``{arena} profile``: the widget with all points of the arena, and where they come from."""

from docutils import nodes

from utils.arena.board import points, provenance
from utils.site.directives.markdown import MarkdownDirective
from utils.widgets.static import embed


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
