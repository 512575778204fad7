"""The object ``grader`` of a lab: checks with points, progress kept locally, solutions on request."""

import inspect
import logging

import otter
from IPython.display import Markdown, display
from otter.execute import Checker
from otter.nbmeta_config import NBMetadataConfig

from utils.errors import FrugalError
from utils.labs import progress, running
from utils.paths import LABS

logging.getLogger("otter").setLevel(logging.ERROR)


class Desk(otter.Notebook):
    """Otter's notebook object for one lab, with points and solutions.

    Parameters
    ----------
    slug
        The lab's name. Its checks are those of the notebook that runs, under whatever name and in whatever
        folder (see :mod:`utils.labs.running`).
    """

    def __init__(self, slug: str):
        self.slug = slug
        if type(self)._grading_mode:
            super().__init__(None)  # which reads whatever lies in the folder, so not while a student works

    def check(self, question: str):
        """Run the checks of one exercise, show what failed, then try to keep the points."""
        names = inspect.currentframe().f_back.f_globals
        return super().check(question, names) if type(self)._grading_mode else self._check(question, names)

    def check_all(self):
        """Run the checks of every exercise of this lab."""
        names = inspect.currentframe().f_back.f_globals
        if type(self)._grading_mode:
            return super().check_all()
        checks = running.read(running.handed_out(self.slug))
        for question in checks.otter["tests"] if checks else ():
            self._check(question, names)

    def _check(self, question: str, names: dict) -> None:
        try:
            checks = running.checks_for(self.slug, question, names)
        except FrugalError as error:
            _say(str(error))
            return
        result = Checker.check(str(checks.path), NBMetadataConfig(checks.otter), question, names)
        _say(self._standing(question, result, checks.points))
        display(result)
        self._keep(question, result, checks.points)

    def solution(self, question: str, now: bool = False) -> None:
        """Show an exercise's solution and reasoning, after a full score or on request (``now=True``)."""
        from utils.labs.master import read

        master = LABS / f"{self.slug}.ipynb"
        if not (now or progress.is_full(self.slug, question)):
            _say(f'Not solved yet. To see it all the same: `grader.solution("{question}", now=True)`.')
        elif not master.exists():
            _say("This copy of the book came without solutions; ask your lecturer.")
        else:
            _say(read(master).question(question).solution_markdown())

    def _keep(self, question: str, result, points: dict) -> None:
        try:
            warning = progress.keep(self.slug, question, result.score, result.possible, points)
        except OSError as error:
            warning = (
                f"The result could not be kept in `{progress.FILE}` ({error.strerror}): make room, or set "
                "FRUGAL_PROGRESS to a file that you can write."
            )
        if warning:
            _say(warning)

    def _log_event(self, *arguments, **named) -> None:
        """Keep no log: Otter's is a file of pickles beside the notebook, and our grading does not read it."""

    def _standing(self, question: str, result, points: dict) -> str:
        total = points.get(question, result.possible)
        text = f"**{question}**: {result.score:g} of {result.possible:g} points for the checks you can see"
        hidden = total - result.possible
        if hidden > 0:
            text += f"; hidden checks on other shapes and seeds decide {hidden:g} more"
        if result.passed_all:
            text += f'. Compare with our way: `grader.solution("{question}")`'
        return text + "."


def _say(text: str) -> None:
    display(Markdown(text))
