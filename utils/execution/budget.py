"""Time: limits of the profiles, and the choice of what still fits into a budget."""

import re
import time
from collections.abc import Iterator
from statistics import median

from utils.errors import FrugalError
from utils.execution.plan import Task

STATED_SECONDS = {"smoke": 10, "quick": 60, "full": 300}  # what a profile may take where it is stated for
LIMIT_SECONDS = {"smoke": 600, "quick": 600, "full": 3600}  # room for a slow, busy machine that compiles
WRITING_SECONDS = 5.0
UNITS = {"s": 1, "m": 60, "h": 3600}


def seconds(text: str) -> float:
    """Read a duration such as ``90``, ``90s``, ``25m``, ``1.5h``.

    Raises
    ------
    FrugalError
        when it is none, or not positive.
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([smh]?)", text)
    value = float(found[1]) * UNITS[found[2] or "s"] if found else 0.0
    if value <= 0:
        raise FrugalError(f"'{text}' is no duration; write for example 90s, 25m or 1.5h.")
    return value


class Budget:
    """Chooses the order of tasks and stops giving them out when the time left is too short.

    Chapters without a complete result come first, then the oldest results. A task is expected to take as
    long as the last time, or as the median of the others, or as its profile states. ``left_out`` names those
    not started.
    """

    def __init__(self, tasks: list[Task], limit: float | None = None, budget: float | None = None):
        known = [task.last.seconds for task in tasks if task.last]
        self.left_out: list[str] = []
        self._usual = median(known) if known else None
        self._limit = limit
        self._end = time.monotonic() + budget - WRITING_SECONDS if budget else float("inf")
        self._tasks = sorted(tasks, key=lambda task: task.result_date) if budget else tasks

    def __iter__(self) -> Iterator[tuple[Task, float]]:
        """Pairs of a task and its time limit in seconds, which never reaches beyond the budget."""
        for task in self._tasks:
            left = self._end - time.monotonic()
            if left < self._expected(task):
                self.left_out.append(task.slug)
            else:
                yield task, min(left, self._limit or LIMIT_SECONDS[task.profile])

    def _expected(self, task: Task) -> float:
        return task.last.seconds if task.last else self._usual or STATED_SECONDS[task.profile]
