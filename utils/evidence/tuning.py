"""Choosing the settings of each arm: on seeds of its own, with equally many settings for every arm."""

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from utils.errors import FrugalError

JUDGED_FROM, TUNING_FROM = 1000, 2000  # first seeds; a claim changed after a run moves both
STEP = 100  # by so much
USER_STEP = 10_000  # the notebook's parameter `seed` moves both by so much, so they never meet

Setting = dict[str, Any]
Grid = Mapping[str, Sequence[Any]]


def seeds(count: int, first: int, changes: int = 0, user: int = 0) -> list[int]:
    """``count`` seeds from ``first``, moved by changes of the claims and by the notebook's own seed.

    Raises
    ------
    FrugalError
        When there are so many that judged and tuning seeds, or those of two revisions, would meet.
    """
    room = TUNING_FROM - JUDGED_FROM - STEP * changes
    if not 0 <= count <= room:
        raise FrugalError(f"{count} seeds do not fit between judged and tuning seeds: {room} are the most.")
    start = first + STEP * changes + USER_STEP * user
    return list(range(start, start + count))


def check_disjoint(judged: Sequence[int], tuning: Sequence[int]) -> None:
    """Refuse seeds that both choose and judge.

    Raises
    ------
    FrugalError
        When a seed is in both lists.
    """
    if both := sorted(set(judged) & set(tuning)):
        raise FrugalError(f"seed {both[0]} is tuned on and judged: a chosen setting would judge itself.")


def settings(grid: Grid) -> list[Setting]:
    """Every combination of a grid's values: ``{"rate": [1, 2], "decay": [0]}`` gives two settings.

    Raises
    ------
    FrugalError
        When a parameter has no values, or one of them twice.
    """
    for name, values in grid.items():
        if not len(values) or len(set(values)) != len(values):
            raise FrugalError(f"grid: give '{name}' at least one value, each once.")
    return [dict(zip(grid, values, strict=True)) for values in itertools.product(*grid.values())]


def check_equal(grids: Mapping[str, Grid], explained: bool) -> None:
    """Every arm gets as many settings as the others, and the same values where parameters are shared.

    Parameters
    ----------
    grids : mapping of str to Grid
        The tuned arms' grids.
    explained : bool
        Whether the claims file says in a sentence why they may differ.

    Raises
    ------
    FrugalError
        When they differ unexplained.
    """
    counts = {arm: len(settings(grid)) for arm, grid in grids.items()}
    if len(set(counts.values())) > 1 and not explained:
        said = ", ".join(f"{arm} {count}" for arm, count in counts.items())
        raise FrugalError(
            f"unequal care: settings tried are {said}. Give every arm as many, "
            "or say why not under 'unequal: {settings: ...}' of a claim that compares them."
        )
    for name in {name for grid in grids.values() for name in grid}:
        values = {tuple(grid[name]) for grid in grids.values() if name in grid}
        if len(values) > 1 and not explained:
            raise FrugalError(
                f"unequal care: arms try different values of '{name}'; give all the same values."
            )


def best(values: np.ndarray, good: str) -> int:
    """The setting with the best mean over seeds; one that diverged (NaN, infinity) is never chosen.

    Parameters
    ----------
    values : ndarray, shape (seeds, settings)
        What each setting reached.
    good : str
        "lower" or "higher".

    Raises
    ------
    FrugalError
        When every setting diverged.
    """
    means = values.mean(axis=0)
    finite = np.isfinite(means)
    if not finite.any():
        raise FrugalError("every setting of the grid diverged: the arm is broken, or the grid is too wild.")
    worst = -math.inf if good == "higher" else math.inf
    means = np.where(finite, means, worst)
    return int(means.argmax() if good == "higher" else means.argmin())


def edges(chosen: Setting, grid: Grid) -> list[str]:
    """The numeric parameters whose chosen value is the lowest or highest that was tried."""
    numbers = {name: values for name, values in grid.items() if all(map(_is_number, values))}
    wide = {name: (min(values), max(values)) for name, values in numbers.items() if len(values) > 1}
    return [name for name, ends in wide.items() if chosen[name] in ends]


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
