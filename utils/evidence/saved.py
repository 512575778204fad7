"""What a run found, in the form of its results file: all that pages, scoreboard and other machines read."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from utils.errors import FrugalError
from utils.evidence.arm_run import SECONDS
from utils.evidence.compare import CONFIDENCE, METHOD
from utils.evidence.experiment import Experiment
from utils.evidence.judging import Verdict
from utils.evidence.keys import key_of


def claim_entry(verdict: Verdict, cut: str) -> dict[str, Any]:
    """A claim with its verdict, in the form of the file; ``cut`` says what was cut from ``full`` for it."""
    claim, comparison = verdict.claim, verdict.comparison
    entry = {
        **{
            name: getattr(claim, name)
            for name in ("key", "says", "relation", "compare", "smallest", "scales")
        },
        "metric": claim.metric.name,
        "unit": claim.metric.unit,
        "good": claim.metric.good,
        **{name: getattr(claim, name) for name in ("tests", "dull", "source", "task", "timed", "prediction")},
        "equal": claim.equal,
        "unequal": claim.unequal,
        "verdict": verdict.word,
        "reason": verdict.reason,
    }
    if comparison is None:
        return entry
    return entry | {
        "seeds": verdict.seeds,
        "values": verdict.values,
        "effect": comparison.effect,
        "interval": [comparison.low, comparison.high],
        "confidence": CONFIDENCE,
        "method": METHOD,
        "note": comparison.note,
        "cut": cut,
    }


class Kept:
    """What a notebook measured besides its arms: single metrics, series over x, points of the arena."""

    def __init__(self) -> None:
        self.metrics: dict[str, dict] = {}
        self.series: dict[str, dict] = {}
        self.arena: dict[str, dict] = {}

    def add_metric(self, key: str, value: object, unit: str, text: str) -> None:
        """Keep a number, or one per seed; see :meth:`utils.study.Study.metric`."""
        values = finite(value, f"metric '{key}'")
        kept = {"value": float(values)} if values.ndim == 0 else {"values": values.ravel().tolist()}
        self.metrics[key_of(key)] = {**kept, "unit": unit, "text": text}

    def add_series(self, key: str, x: object, lines: Mapping[str, object], about: dict[str, str]) -> dict:
        """Keep lines over x; see :meth:`utils.study.Study.series`."""
        found = []
        for label, values in lines.items():
            own = finite(x[label] if isinstance(x, Mapping) else x, f"series '{key}': x")
            array = finite(values, f"series '{key}': '{label}'")
            if array.ndim != 2 or array.shape[1] != len(own):
                raise FrugalError(
                    f"series '{key}': '{label}' has the shape {array.shape}; it needs (seeds, {len(own)})."
                )
            found.append({"label": label, "x": own.tolist(), "values": array.tolist()})
        self.series[key_of(key)] = {**about, "lines": found}
        return self.series[key_of(key)]


def finite(value: object, what: str) -> np.ndarray:
    """Numbers from a tensor, an array or a list.

    Raises
    ------
    FrugalError
        When there is none, or one of them is not finite.
    """
    values = np.asarray(value.detach().cpu() if hasattr(value, "detach") else value, dtype=float)
    if not values.size or not np.isfinite(values).all():
        raise FrugalError(f"{what} is empty or not finite: nothing to print.")
    return values


def content(experiments: Mapping[str, Experiment], verdicts: Sequence[Verdict], kept: Kept) -> dict[str, Any]:
    """Everything that was found, in the form of the file."""
    runs = {
        key_of(task, name): (name, task, own, run)
        for task, own in experiments.items()
        for name, run in own.runs.items()
    }
    return {
        "sizes": {task: vars(own.sizes.values) for task, own in experiments.items()},
        "cut": {task: own.sizes.cut for task, own in experiments.items()},
        "flags": [sentence for own in experiments.values() for sentence in own.flags()],
        "claims": [
            claim_entry(v, experiments[v.claim.task].sizes.cut if v.comparison else "") for v in verdicts
        ],
        "arms": {
            key: {"name": name, **run.entry(task, own.judged, own.tuning, own.file.metrics)}
            for key, (name, task, own, run) in runs.items()
        },
        "metrics": kept.metrics,
        "series": kept.series,
        "arena": list(kept.arena.values()),
    }


def arm_seconds(experiments: Mapping[str, Experiment]) -> dict[str, float]:
    """CPU seconds of one trained network of each arm: they belong to the machine, not to the result."""
    return {
        key_of(task, name): run.spent[SECONDS]
        for task, own in experiments.items()
        for name, run in own.runs.items()
        if SECONDS in run.spent
    }
