"""What most directives of this book do: make Markdown from files and let MyST parse it in place."""

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

LIVE = "frugal_live_pages"


class MarkdownDirective(SphinxDirective):
    """A directive whose content is the Markdown that ``markdown`` returns."""

    def run(self) -> list[nodes.Node]:
        live(self.env)
        holder = nodes.container(classes=[f"frugal-{self.name}"])
        lines = self.markdown().splitlines()
        self.state.nested_parse(StringList(lines, source=self.name), self.content_offset, holder)
        return [holder]

    def markdown(self) -> str:
        """The text that stands in the page instead of the directive."""
        raise NotImplementedError


def live(env: object) -> None:
    """Remember that this page shows data from outside its source: it is read again at every build."""
    pages = getattr(env, LIVE, set())
    setattr(env, LIVE, pages | {env.docname})


def outdated(app: object, env: object, added: set, changed: set, removed: set) -> list[str]:
    """Sphinx asks which pages are out of date besides those whose source changed."""
    return sorted(getattr(env, LIVE, set()) & env.found_docs)


def merge(app: object, env: object, docnames: list[str], other: object) -> None:
    """Sphinx read pages in another process: take over what it remembered."""
    setattr(env, LIVE, getattr(env, LIVE, set()) | getattr(other, LIVE, set()))
