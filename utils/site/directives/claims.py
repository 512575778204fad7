"""``{claims}``, ``{fooled}`` and ``{settings}``: what a chapter's claims file and results say, as tables."""

from utils.evidence import claims_file, page_tables, scoreboard, store
from utils.evidence.table import claims_markdown, provenance_text
from utils.execution.narrow import age_text
from utils.site.directives.markdown import MarkdownDirective


class Claims(MarkdownDirective):
    """``{claims} NN_slug``: what is claimed, what we measured, and in which run."""

    required_arguments = 1

    def markdown(self) -> str:
        """The text that stands in the page."""
        slug = self.arguments[0]
        found = [store.load(slug, profile, self.local) for profile in store.PROFILES]
        runs = [f"- {provenance_text(results)} {age_text(results)}" for results in found if results]
        return "\n".join([claims_markdown(scoreboard.rows([slug], self.local)), *runs, ""])


class Fooled(MarkdownDirective):
    """``{fooled} NN_slug``: the dull explanations, the arm run against each, and what it measured."""

    required_arguments = 1

    def markdown(self) -> str:
        """The text that stands in the page."""
        slug = self.arguments[0]
        file, results = claims_file.load(slug), store.load(slug, "quick")
        return page_tables.fooled_markdown(file, scoreboard.rows([slug]), results)


class Settings(MarkdownDirective):
    """``{settings} NN_slug [full]``: sizes, arms, chosen settings and budgets."""

    required_arguments = 1
    optional_arguments = 1

    def markdown(self) -> str:
        """The text that stands in the page."""
        slug, profile, *_ = [*self.arguments, "quick"]
        results = store.load(slug, profile)
        return page_tables.settings_markdown(results) if results else page_tables.NOT_YET
