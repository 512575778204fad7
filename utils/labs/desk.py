"""The object ``grader`` of a lab: checks with points, progress kept locally, solutions on request."""

import inspect
import json
import logging
from pathlib import Path

import otter
from IPython.display import Markdown, display

from utils.labs import progress
from utils.paths import LABS

logging.getLogger("otter").setLevel(logging.ERROR)


class Desk(otter.Notebook):
    """Otter's notebook object for one lab, with points and solutions.

    Parameters
    ----------
    slug
        The lab's name; its notebook ``<slug>.ipynb`` must lie in the working folder under this name.
    """

    def __init__(self, slug: str):
        path = Path(f"{slug}.ipynb")
        super().__init__(str(path) if path.exists() else None)
        self.slug = slug
        metadata = json.loads(path.read_text(encoding="utf-8"))["metadata"] if path.exists() else {}
        self.points = metadata.get("frugal", {}).get("points", {})

    def check(self, question: str):
        """Run the checks of one exercise against the notebook, show what failed, and keep the points."""
        result = super().check(question, inspect.currentframe().f_back.f_globals)
        if not type(self)._grading_mode:
            progress.keep(self.slug, question, result.score, result.possible, self.points)
            display(Markdown(self._standing(question, result)))
        return result

    def solution(self, question: str, now: bool = False) -> None:
        """Show an exercise's solution and reasoning, after a full score or on request (``now=True``)."""
        from utils.labs.master import read

        master = LABS / f"{self.slug}.ipynb"
        if not (now or progress.is_full(self.slug, question)):
            display(
                Markdown(
                    f'Not solved yet. To see it all the same: `grader.solution("{question}", now=True)`.'
                )
            )
        elif not master.exists():
            display(Markdown("This copy of the book came without solutions; ask your lecturer."))
        else:
            display(Markdown(read(master).question(question).solution_markdown()))

    def _log_event(self, *arguments, **named) -> None:
        """Keep no log: Otter's is a file of pickles beside the notebook, and our grading does not read it."""

    def _standing(self, question: str, result) -> str:
        total = self.points.get(question, result.possible)
        text = f"**{question}**: {result.score:g} of {result.possible:g} points for the checks you can see"
        hidden = total - result.possible
        if hidden > 0:
            text += f"; hidden checks on other shapes and seeds decide {hidden:g} more"
        if result.passed_all:
            text += f'. Compare with our way: `grader.solution("{question}")`'
        return text + "."
