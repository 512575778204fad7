"""``{claims} NN_slug``: what the paper claims, what we measured, and in which run."""

from utils.evidence import scoreboard, store
from utils.evidence.table import claims_markdown, provenance_text
from utils.site.directives.markdown import MarkdownDirective


class Claims(MarkdownDirective):
    """The claims table of one chapter."""

    required_arguments = 1

    def markdown(self) -> str:
        slug = self.arguments[0]
        found = [store.load(slug, profile) for profile in store.PROFILES]
        runs = "\n".join(f"- {provenance_text(results)}" for results in found if results)
        return f"{claims_markdown(scoreboard.rows([slug]))}\n{runs}\n"
