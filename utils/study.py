"""The evidence of a chapter: from its claims file to its results, with equal care for every arm.

A notebook uses it in seven calls::

    study = Study("16_maestro", profile, device, seed)          # device, one thread, global seed
    size = study.sizes(smoke=dict(...), quick=dict(...), full=dict(...), cpu=dict(...))
    study.claims()                                              # arms and claims, before the experiment
    found = study.run(train, arms, grid={"rate": size.rates})   # tunes on its own seeds, judges on others
    study.budgets()                                             # what each arm was given, side by side
    verdicts = study.judge()                                    # every claim that this run can answer
    study.save()

``train(arm, settings, seeds)`` measures one arm for all settings and seeds at once and returns an
:class:`Outcome` (or only the values, shape (seeds, settings)): so an ensemble of networks trains in one
batched product. Where that is of no use, ``one_by_one(f)`` calls ``f(arm, setting, seed)`` in a loop. Nothing
asks that ``f`` trains: a search in a table or a selection of examples is an arm like any other.

The study sees to it that no seed both chooses and judges, that every arm gets equally many settings, that
unequal budgets are named, and that a verdict is refused where a power arm shows that the task cannot tell.
What is written down beforehand lies in ``book/claims/`` (:mod:`utils.evidence.claims`).
"""

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import torch

from utils import compact_json, figures, provenance, tables
from utils.errors import FrugalError
from utils.evidence import claims_file, forest, judging, plots, prepared_run, saved, sizes, tuning
from utils.evidence.arm_run import ArmRun, Outcome, one_by_one
from utils.evidence.claims import Claim, row
from utils.evidence.experiment import Experiment, Trial
from utils.evidence.judging import Verdict
from utils.evidence.lookup import Build, Table
from utils.evidence.schema import SCHEMA
from utils.files import write_atomic
from utils.paths import WORKSPACE
from utils.training import pick_device, seed_everything

WIDTH = 6.5  # inches of a plot in a notebook

__all__ = ["Outcome", "Study", "one_by_one"]


class Study:
    """Sets a chapter's run up, runs its experiments, judges its claims and saves what was found.

    Parameters
    ----------
    slug : str
        The chapter ("16_maestro"); its claims lie in ``book/claims/``.
    profile : str
        "smoke", "quick" or "full".
    device : str
        "auto", "cpu" or "cuda".
    seed : int
        Moves all seeds of the run; 0 gives those of the book.

    Attributes
    ----------
    device : torch.device
        Where to compute.
    file : ClaimsFile
        What was written down beforehand.

    Raises
    ------
    FrugalError
        When the profile or device is unknown, or the claims file has a mistake.
    """

    def __init__(self, slug: str, profile: str, device: str = "auto", seed: int = 0) -> None:
        if profile not in sizes.PROFILES:
            raise FrugalError(f"profile '{profile}' is unknown: choose {', '.join(sizes.PROFILES)}.")
        torch.set_num_threads(1)  # small tensors gain nothing from a second thread
        self.slug, self.profile, self.device, self.seed = slug, profile, pick_device(device), seed
        seed_everything(seed)
        self.file = claims_file.load(slug)
        self._experiments: dict[str, Experiment] = {}
        self._verdicts: dict[str, Verdict] = {}
        self._kept = saved.Kept()
        self._start = time.monotonic()

    def sizes(
        self, task: str = "", *, smoke: dict, quick: dict, full: dict, cpu: dict | None = None
    ) -> SimpleNamespace:
        """Choose the sizes of this run; ``cpu`` replaces fields of ``full`` on a machine without a GPU.

        Every profile has the same fields, among them ``seeds`` (how many judge) and ``tuning`` (how many
        choose). What was cut is computed from the fields.

        Raises
        ------
        FrugalError
            As :func:`utils.evidence.sizes.choose` does, and for a task that no claim names.
        """
        if task not in self.file.tasks:
            named = ", ".join(f"'{name}'" for name in self.file.tasks)
            raise FrugalError(f"no claim has the task '{task}'; the claims file has {named}.")
        found = sizes.choose(self.profile, self.device.type == "cpu", smoke, quick, full, cpu or {})
        self._experiments[task] = Experiment(self.file, task, found, self.seed)
        return found.values

    def measures(self, task: str = "") -> bool:
        """Whether this profile tests a claim of the experiment; at ``smoke`` all code runs."""
        return self.profile == "smoke" or any(self.profile in c.scales for c in self.file.of_task(task))

    def claims(self) -> None:
        """Show what was written down beforehand: the arms, then the claims."""
        arms = [(a.name, a.role, a.what, a.destroys or a.bounds) for a in self.file.arms.values()]
        tables.show(["arm", "role", "what it is", "what it destroys or bounds"], arms, "The arms")
        head = ["claim", "says", "metric, relation", "smallest effect", "dull explanation", "source"]
        rows = [row(claim) for claim in self.file.claims.values()]
        tables.show(head, rows, f"The claims (SHA-256 of the file: {self.file.sha[:12]})")

    def judged_seeds(self, task: str = "") -> list[int]:
        """The seeds that judge."""
        return list(self._experiment(task).judged)

    def tuning_seeds(self, task: str = "") -> list[int]:
        """The seeds that choose settings; they are never judged."""
        return list(self._experiment(task).tuning)

    def run(
        self,
        trial: Trial,
        arms: Mapping[str, Any] | Sequence[str],
        grid: tuning.Grid | None = None,
        *,
        task: str = "",
        choose: str = "",
        tune: Trial | None = None,
        grids: Mapping[str, tuning.Grid] | None = None,
        prepared: str = "",
    ) -> dict[str, ArmRun]:
        """Tune every arm on the tuning seeds, then judge the chosen setting on the others.

        Parameters
        ----------
        trial : callable
            ``trial(arm, settings, seeds)``; see the head of this module.
        arms : mapping or sequence
            Arms of the claims file: by name what ``trial`` gets, or only the names.
        grid : mapping of str to sequence, optional
            The values that every tuned arm tries.
        task : str
            Which experiment of the chapter.
        choose : str
            The metric that chooses; by default that of the task's first claim.
        tune : callable, optional
            Takes the place of ``trial`` while choosing (validation images, for instance).
        grids : mapping of arm to grid, optional
            For arms with other parameters.
        prepared : str
            A name for an experiment that does not fit a minute: ``frugal prepare`` runs and stores it,
            ``quick`` reads it and computes one seed of the method and its nearest rival anew.

        Raises
        ------
        FrugalError
            When the claims file lacks an arm, care is unequal, or values have the wrong shape.
        """
        experiment = self._experiment(task)
        arms = dict(arms) if isinstance(arms, Mapping) else {name: name for name in arms}
        all_grids = {name: (grids or {}).get(name, grid or {}) for name in arms}
        choose = choose or experiment.claims[0].metric.name
        given = trial, arms, all_grids, choose, tune or trial
        if prepared and self.profile == "quick":
            found = prepared_run.run(self.slug, prepared, self.seed, experiment, *given)
        else:
            found = experiment.run(*given)
        experiment.show_precision()
        return found

    def table(
        self,
        name: str,
        build: Build,
        keys: Sequence[str],
        *,
        task: str = "",
        seeds: int = 0,
        tuning: int = 0,
    ) -> Table:
        """Values of many trained things, for arms that search, choose or rank among them.

        ``frugal prepare`` builds all of them, ``quick`` reads them and builds one anew; at other profiles
        each is built when it is asked for. The values of judged seeds are given only while the study judges.

        Parameters
        ----------
        build : callable
            ``build(key, seeds)`` gives one value per seed.
        keys : sequence of str
            What can be asked for.
        seeds, tuning : int
            How often each is built to judge with and to choose on; by default as many seeds as the experiment
            has. With fewer the experiment's seeds take them in turn.
        """
        experiment, live = self._experiment(task), self.profile != "quick"
        counts = tuning, seeds
        made = prepared_run.table(self.slug, name, self.seed, experiment, build, keys, counts, live)
        experiment.tables.append(made)
        return made

    def add(
        self,
        arm: str,
        metrics: Mapping[str, Sequence[float]],
        spent: Mapping[str, float] | None = None,
        task: str = "",
    ) -> ArmRun:
        """Add what was measured outside of :meth:`run`: an arm derived from a trained one, or seconds.

        Parameters
        ----------
        metrics : mapping of str to sequence of float
            One value per judged seed; one per round where seconds are compared.

        Raises
        ------
        FrugalError
            When the claims file does not know the arm or the metric, or says that the arm is tuned.
        """
        return self._experiment(task).add(arm, metrics, spent or {})

    def values(self, metric: str, task: str = "") -> dict[str, list[float]]:
        """The judged values of every arm that has the metric, for plots."""
        return self._experiment(task).values(metric)

    def budgets(self) -> None:
        """Show what each arm was given, side by side, and print everything that is suspicious."""
        for experiment in self._experiments.values():
            experiment.show_budgets()
            for sentence in experiment.flags():
                print(f"look: {sentence}")

    def judge(self, task: str | None = None) -> dict[str, Verdict]:
        """Compute every verdict that this run can give, print and draw them; the others are named.

        Raises
        ------
        FrugalError
            When a claim is to be tested at this scale, but an arm of it was not run.
        """
        wanted = [c for c in self.file.claims.values() if task is None or c.task == task]
        for claim in wanted:
            if claim.task in self._experiments:
                self._experiments[claim.task].unseal()
        found = {claim.key: self._judged(claim) for claim in wanted}
        self._verdicts |= found
        for verdict in found.values():
            print(verdict)
        forest.show(list(found.values()))
        return found

    def metric(self, key: str, value: float | Sequence[float], unit: str, text: str) -> None:
        """Keep a measured number (or one per seed) that the page cites; ``text`` says what it is.

        Raises
        ------
        FrugalError
            When a value is missing or not finite.
        """
        self._kept.add_metric(key, value, unit, text)

    def series(
        self,
        key: str,
        x: object,
        lines: Mapping[str, object],
        *,
        xlabel: str,
        ylabel: str,
        log: str = "",
        caption: str = "",
    ) -> None:
        """Keep lines over x, show them here, and let the page show them by ``{plot} NN_slug KEY``.

        Parameters
        ----------
        x : sequence of float, or mapping of label to one
            Where the points lie.
        lines : mapping of label to array, shape (seeds, points)
            What was measured.
        log : str
            Axes with a logarithmic scale: "x", "y" or "xy".

        Raises
        ------
        FrugalError
            When shapes do not fit, or a value is missing or not finite.
        """
        about = {"xlabel": xlabel, "ylabel": ylabel, "log": log, "text": caption}
        kept = self._kept.add_series(key, x, lines, about)
        figures.show(*plots.series_figure(kept, WIDTH), caption)

    def plot(self, metric: str, task: str = "", over: str = "", caption: str = "") -> None:
        """Show every arm that has a metric, as ``{plot} NN_slug METRIC`` does on the page.

        Parameters
        ----------
        over : str
            A quantity of the budget (bytes, steps): arms of one ``curve`` are joined over it.
        """
        self._experiment(task).values(metric)  # sealed values are not shown
        figures.show(*plots.arms_figure(self.as_dict(), metric, task, over, WIDTH), caption)

    def enter(self, point: dict) -> None:
        """Keep a point of the arena, as :func:`utils.arena.enter.measure` makes it."""
        self._kept.arena[point["technique"]] = point

    def as_dict(self) -> dict[str, Any]:
        """Everything found so far, in the form of the results file."""
        verdicts = [self._verdicts[key] for key in self.file.claims if key in self._verdicts]
        return {
            "schema": SCHEMA,
            "chapter": self.slug,
            "profile": self.profile,
            "claims_sha256": self.file.sha,
            "changed": self.file.changed,
            "notebook": os.environ.get("FRUGAL_FINGERPRINT"),
            **saved.content(self._experiments, verdicts, self._kept),
            "provenance": {
                **provenance.describe(self.device),
                "seconds": round(time.monotonic() - self._start, 1),
                "arm_seconds": saved.arm_seconds(self._experiments),
            },
        }

    def save(self) -> Path:
        """Write ``SLUG.PROFILE.json`` into ``$FRUGAL_RESULTS``, or the reader's workspace; returns its path.

        Raises
        ------
        FrugalError
            When a claim was never judged.
        """
        if missing := [key for key in self.file.claims if key not in self._verdicts]:
            raise FrugalError(
                f"never judged: {', '.join(missing)}; call study.judge(): no claim may be dropped."
            )
        folder = Path(os.environ.get("FRUGAL_RESULTS") or WORKSPACE / "results")
        path = folder / f"{self.slug}.{self.profile}.json"
        write_atomic(path, compact_json.dumps(self.as_dict()))
        return path

    def _experiment(self, task: str) -> Experiment:
        if task not in self._experiments:
            called = f"study.sizes('{task}', smoke=...)" if task else "study.sizes(smoke=...)"
            raise FrugalError(f"the experiment has no sizes yet: call {called} first.")
        return self._experiments[task]

    def _judged(self, claim: Claim) -> Verdict:
        if self.profile != "smoke" and self.profile not in claim.scales:
            return judging.not_measured(claim)
        experiment = self._experiments.get(claim.task)
        if experiment and (verdict := experiment.judge(claim)):
            return verdict
        if self.profile == "full" and self.device.type == "cpu":
            return judging.not_measured(claim, "not run without a GPU")
        arms = " or ".join(claim.compare)
        raise FrugalError(
            f"claim '{claim.key}' is tested at {self.profile}, but '{claim.metric.name}' of {arms} was not "
            f"measured: run it, or take {self.profile} out of the claim's scales."
        )
