"""``{scoreboard}``: every claim of every written chapter beside the paper's own figure."""

from utils import chapters
from utils.evidence import scoreboard
from utils.evidence.table import scoreboard_markdown
from utils.site.directives.markdown import MarkdownDirective


class Scoreboard(MarkdownDirective):
    """The whole scoreboard."""

    def markdown(self) -> str:
        """The text that stands in the page."""
        rows = scoreboard.rows((chapter.slug for chapter in chapters.written()), self.local)
        return scoreboard_markdown(rows) if rows else "No chapter has been measured yet."
