"""Prepared experiments and tables: stored by ``frugal prepare``, read back with the judged values sealed."""

import math
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from utils.evidence import prepared, tuning
from utils.evidence.arm_run import ArmRun, checked
from utils.evidence.experiment import Experiment, Sealed, Trial
from utils.evidence.lookup import JUDGE, TUNE, Build, Table
from utils.evidence.prepared import Preparation
from utils.training import progress


def run(
    slug: str,
    name: str,
    seed: int,
    experiment: Experiment,
    trial: Trial,
    arms: Mapping[str, Any],
    grids: Mapping[str, tuning.Grid],
    choose: str,
    tune: Trial,
) -> dict[str, ArmRun]:
    """The arms of a prepared experiment: stored by ``frugal prepare``, else read and one seed computed anew.

    Parameters
    ----------
    name : str
        Of the preparation.
    seed : int
        The notebook's own: says which of the judged seeds is computed anew.

    Raises
    ------
    FrugalError
        When the preparation is missing or was made for something else.
    """
    experiment.take_seeds(0)  # stored seeds are those of the book
    question = _asked(experiment, arms, grids)
    if prepared.is_preparing():
        start = time.process_time()
        found = experiment.run(trial, arms, grids, choose, tune)
        _store(slug, name, experiment, question, time.process_time() - start)
        return found
    stored = prepared.read(slug, name)
    stored.check(question)
    found = _restore(stored, experiment)
    for sentence in _recheck(experiment, trial, arms, choose, seed % len(experiment.judged)):
        print(sentence)
    return found


def table(
    slug: str,
    name: str,
    seed: int,
    experiment: Experiment,
    build: Build,
    keys: Sequence[str],
    counts: tuple[int, int],
    live: bool,
) -> Table:
    """A table of trained things; with ``live`` each is built when it is asked for, and nothing is stored.

    Parameters
    ----------
    counts : tuple of int
        How many seeds the table holds to choose on and to judge with; 0 for as many as the experiment has.
    """
    if not live:
        experiment.take_seeds(0)
    asked = {TUNE: experiment.tuning, JUDGE: experiment.judged}
    held = {part: own[: count or None] for (part, own), count in zip(asked.items(), counts, strict=True)}
    if live:
        return Table(name, build, keys, asked, held)
    question = {"sizes": vars(experiment.sizes.values), "keys": list(keys), "seeds": held}
    if prepared.is_preparing():
        start = time.process_time()
        parts = {
            part: {key: list(map(float, build(key, own))) for key in progress(keys, f"{name}, {part}")}
            for part, own in held.items()
        }
        prepared.write(slug, name, question, parts[TUNE], parts[JUDGE], time.process_time() - start)
    stored = prepared.read(slug, name)
    stored.check(question)
    made = Table(name, build, keys, asked, held, stored)
    if not prepared.is_preparing():
        print(made.recheck(list(keys)[seed % len(keys)]))
    return made


def _asked(experiment: Experiment, arms: Mapping[str, Any], grids: Mapping[str, tuning.Grid]) -> dict:
    """What a preparation must have been made with."""
    return {
        "sizes": vars(experiment.sizes.values),
        "arms": list(arms),
        "grids": {name: {p: list(v) for p, v in grids[name].items()} for name in arms},
        "seeds": [experiment.judged, experiment.tuning],
    }


def _store(slug: str, name: str, experiment: Experiment, question: dict, seconds: float) -> None:
    """Write the arms that were run as a preparation, and weights that a trial kept beside it."""
    runs = {arm: experiment.runs[arm] for arm in question["arms"]}
    tune = {arm: {"setting": run.setting, "tuned": _plain(run.tuned)} for arm, run in runs.items()}
    judge = {
        arm: {"metrics": run.metrics, "spent": run.spent, "first": _plain(run.first)}
        for arm, run in runs.items()
    }
    path = prepared.write(slug, name, question, tune, judge, seconds)
    for arm, run in runs.items():
        prepared.write_weights(prepared.weights_path(path, arm), run.kept)


def _restore(stored: Preparation, experiment: Experiment) -> dict[str, ArmRun]:
    """The arms of a preparation; their judged values stay sealed in the experiment until it judges."""
    found = {}
    for arm, part in stored.content["tune"].items():
        judged = stored.content["judge"][arm]
        grid = stored.content["asked"]["grids"][arm] if part["tuned"] else {}
        edges = tuning.edges(part["setting"], grid)
        run = ArmRun(
            experiment.file.arms[arm], part["setting"], grid, _array(part["tuned"]), {}, judged["spent"]
        )
        run.edges, run.first = edges, _array(judged["first"])
        found[arm] = run
        experiment.sealed[arm] = Sealed(judged["metrics"], prepared.weights_path(stored.path, arm))
    experiment.runs |= found
    return found


def _plain(values: np.ndarray | None) -> list | None:
    """Nested lists for JSON, which knows no NaN: what diverged is null."""
    if values is None:
        return None
    return [[value if math.isfinite(value) else None for value in row] for row in values.tolist()]


def _array(values: list | None) -> np.ndarray | None:
    return None if values is None else np.array(values, dtype=float)  # null becomes NaN


def _recheck(
    experiment: Experiment, trial: Trial, arms: Mapping[str, Any], choose: str, place: int
) -> Iterator[str]:
    """Compute the method and its nearest rival anew at one judged seed, and say both values of each."""
    seed = experiment.judged[place]
    for name in _method_and_nearest(experiment, arms):
        kept = experiment.sealed[name].metrics
        given = trial(arms[name], [experiment.runs[name].setting], [seed])
        outcome = checked(given, choose, (1, 1), f"arm '{name}'")
        for metric in sorted(outcome.metrics.keys() & kept.keys()):
            now = float(outcome.metrics[metric][0, 0])
            yield prepared.compared(f"{name}, {metric}", seed, kept[metric][place], now, kept[metric])


def _method_and_nearest(experiment: Experiment, arms: Iterable[str]) -> list[str]:
    """Of these arms the first method, and the rival that came nearest to it on the tuning seeds."""
    best = {
        name: float(run.tuned.mean(axis=0)[tuning.settings(run.grid).index(run.setting)])
        for name, run in ((name, experiment.runs[name]) for name in arms)
        if run.tuned is not None
    }
    roles = {name: experiment.file.arms[name].role for name in best}
    methods = [name for name in best if roles[name] == "method"]
    rivals = [name for name in best if roles[name] == "rival"]
    if not methods:
        return rivals[:1]
    nearest = sorted(rivals, key=lambda name: abs(best[name] - best[methods[0]]))
    return [methods[0], *nearest[:1]]
