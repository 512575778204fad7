"""What one arm did in one experiment, and what is suspicious about it."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from utils.errors import FrugalError
from utils.evidence.claims import Arm, Metric
from utils.evidence.compare import compare

SECONDS = "seconds"  # CPU seconds of one trained network: of the machine, so kept with the provenance
EXPLODES = 3  # a loss at step 0 of more than three times the arms' median is no start


@dataclass(frozen=True)
class Outcome:
    """What a trial gives back.

    Attributes
    ----------
    metrics : mapping of str to array, shape (seeds, settings)
        Values by the metric's name.
    spent : mapping of str to float
        What one trained network was given and takes: steps, parameters, bytes, multiply_adds, looks.
    first : array, shape (seeds, settings), or None
        The loss at step 0.
    kept : object
        Anything that later cells need.
    """

    metrics: Mapping[str, Any]
    spent: Mapping[str, float] = field(default_factory=dict)
    first: Any = None
    kept: Any = None


@dataclass
class ArmRun:
    """One arm, as it was chosen and judged.

    Attributes
    ----------
    setting : dict
        The chosen values.
    grid : dict
        What was tried; empty where nothing was.
    tuned : ndarray, shape (seeds, settings), or None
        What each setting reached on the tuning seeds.
    metrics : dict of str to list of float
        One value per judged seed.
    edges : list of str
        Parameters whose chosen value is the first or last that was tried.
    kept : object
        What the trial kept.
    """

    arm: Arm
    setting: dict[str, Any] = field(default_factory=dict)
    grid: dict[str, Sequence] = field(default_factory=dict)
    tuned: np.ndarray | None = None
    metrics: dict[str, list[float]] = field(default_factory=dict)
    spent: dict[str, float] = field(default_factory=dict)
    edges: list[str] = field(default_factory=list)
    first: np.ndarray | None = None
    kept: Any = None

    @property
    def looks(self) -> int:
        """How many values were looked at to choose the setting."""
        return 0 if self.tuned is None else int(self.tuned.size * self.spent.get("looks", 1))

    def entry(
        self, task: str, seeds: Sequence[int], tuning: Sequence[int], metrics: Mapping[str, Metric]
    ) -> dict[str, Any]:
        """The arm in the form of the results file."""
        return {
            "task": task,
            "role": self.arm.role,
            "is": self.arm.what,
            "curve": self.arm.curve,
            "setting": self.setting,
            "grid": {name: list(values) for name, values in self.grid.items()},
            "tuning_seeds": list(tuning) if self.grid else [],
            "edges": self.edges,
            "looks": self.looks,
            "spent": {name: value for name, value in self.spent.items() if name != SECONDS},
            "seeds": list(seeds),
            "metrics": {
                name: {"unit": metrics[name].unit, "values": values} for name, values in self.metrics.items()
            },
        }


def checked(given: object, name: str, shape: tuple[int, int], where: str) -> Outcome:
    """What a trial gave as an Outcome whose metrics have the right shape.

    Parameters
    ----------
    given : object
        An Outcome, a mapping of metrics, or the values of the metric ``name``.
    shape : tuple of int
        (seeds, settings).
    where : str
        The arm, for messages.

    Raises
    ------
    FrugalError
        For another shape, or no values.
    """
    if not isinstance(given, Outcome):
        given = Outcome(given if isinstance(given, Mapping) else {name: given})
    metrics = {
        metric: _array(values, shape, f"{where}: '{metric}'") for metric, values in given.metrics.items()
    }
    if not metrics:
        raise FrugalError(f"{where} measured nothing: give a metric.")
    first = None if given.first is None else _array(given.first, shape, f"{where}: the loss at step 0")
    spent = {quantity: float(value) for quantity, value in given.spent.items()}
    return Outcome(metrics, spent, first, given.kept)


def _array(values: object, shape: tuple[int, int], where: str) -> np.ndarray:
    if hasattr(values, "detach"):
        values = values.detach().cpu()
    array = np.asarray(values, dtype=float)
    if array.shape != shape:
        raise FrugalError(
            f"{where} has the shape {array.shape}; {shape[0]} seeds times {shape[1]} settings need {shape}."
        )
    return array


def exploding(runs: Mapping[str, ArmRun]) -> list[str]:
    """A sentence for each arm whose loss at step 0 is far above the others', or not finite."""
    starts = {name: float(np.mean(run.first)) for name, run in runs.items() if run.first is not None}
    finite = [value for value in starts.values() if math.isfinite(value)]
    middle = float(np.median(finite)) if finite else math.nan
    return [
        f"{name} starts at a loss of {value:.3g}, the arms' median is {middle:.3g}: find the bug first."
        for name, value in starts.items()
        if not math.isfinite(value) or value > EXPLODES * middle
    ]


def at_chance(runs: Mapping[str, ArmRun], metric: Metric) -> list[str]:
    """A sentence for each arm that a trivial rule equals in a metric: it looks like a broken network."""
    having = {name: run for name, run in runs.items() if metric.name in run.metrics}
    return [
        f"{name} is no better than {rule.arm.what} in {metric.name}: find the bug first."
        for rule in having.values()
        if rule.arm.trivial
        for name, run in having.items()
        if run.arm.role in ("method", "rival")  # a control may well be destroyed that far
        and compare(run.metrics[metric.name], rule.metrics[metric.name], metric.good).low <= 0
    ]


def one_by_one(measure: Callable[[Any, dict, int], Any]) -> Callable:
    """A trial from a function of one arm, one setting and one seed.

    Parameters
    ----------
    measure : callable
        Gives a number, a mapping of metrics to numbers, or an :class:`Outcome` of numbers; the budget and
        what is kept are those of the last call.
    """

    def trial(arm: object, settings: list[dict], seeds: list[int]) -> Outcome:
        rows = [[measure(arm, setting, seed) for setting in settings] for seed in seeds]
        last = rows[-1][-1]
        if not isinstance(last, Outcome):
            single = not isinstance(last, Mapping)
            return rows if single else {name: [[x[name] for x in row] for row in rows] for name in last}
        metrics = {name: [[x.metrics[name] for x in row] for row in rows] for name in last.metrics}
        first = None if last.first is None else [[x.first for x in row] for row in rows]
        return Outcome(metrics, last.spent, first, last.kept)

    return trial
