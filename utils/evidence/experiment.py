"""One experiment of a chapter: its arms tuned and judged with equal care, and what is suspicious about it."""

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from utils import tables
from utils.errors import FrugalError
from utils.evidence import arm_run, budgets, judging, tuning
from utils.evidence.arm_run import ArmRun
from utils.evidence.claims import TUNED, UNTUNED, Arm, Claim, ClaimsFile
from utils.evidence.judging import Verdict
from utils.evidence.lookup import Table
from utils.evidence.prepared import read_weights
from utils.evidence.sizes import Sizes
from utils.training import progress

Trial = Callable[[Any, list[dict], list[int]], Any]


@dataclass(frozen=True)
class Sealed:
    """Judged values of a prepared arm, and where its weights lie."""

    metrics: dict[str, list[float]]
    weights: Path


class Experiment:
    """The arms that a chapter runs on one task.

    Parameters
    ----------
    file : ClaimsFile
        What was written down beforehand.
    task : str
        The experiment's name in the claims; empty in a chapter with one.
    sizes : Sizes
        The sizes of this run; their seeds are counted there.
    user : int
        The notebook's parameter ``seed``.

    Attributes
    ----------
    judged, tuning : list of int
        The seeds that judge, and those that choose settings.
    runs : dict of str to ArmRun
        What was run so far.
    tables : list of Table
        Tables of trained things that its arms look values up in.
    sealed : dict
        Judged values of prepared arms, which nobody sees before they judge.
    """

    def __init__(self, file: ClaimsFile, task: str, sizes: Sizes, user: int) -> None:
        self.file, self.task, self.sizes = file, task, sizes
        self.take_seeds(user)
        self.runs: dict[str, ArmRun] = {}
        self.sealed: dict[str, Sealed] = {}
        self.tables: list[Table] = []

    def take_seeds(self, user: int) -> None:
        """Count the seeds that judge and those that choose, moved by the notebook's own seed."""
        changes, counts = len(self.file.changed), self.sizes.values
        self.judged = tuning.seeds(counts.seeds, tuning.JUDGED_FROM, changes, user)
        self.tuning = tuning.seeds(counts.tuning, tuning.TUNING_FROM, changes, user)

    @property
    def claims(self) -> list[Claim]:
        """The claims that it tests."""
        return self.file.of_task(self.task)

    def run(
        self,
        trial: Trial,
        arms: Mapping[str, Any],
        grids: Mapping[str, tuning.Grid],
        choose: str,
        tune: Trial,
    ) -> dict[str, ArmRun]:
        """Tune the arms that have settings, then judge all; see :meth:`utils.study.Study.run`."""
        self._check(arms, choose)
        tuned = {name: dict(grids[name]) for name in arms if self.file.arms[name].settings == TUNED}
        tuning.check_equal(tuned, any("settings" in claim.unequal for claim in self.claims))
        tuning.check_disjoint(self.judged, self.tuning)
        for name in progress(tuned, f"tuning {self.task}".strip()):
            self._tune(name, arms[name], tune, tuned[name], choose)
        last = sorted(arms, key=lambda arm: arm not in tuned)  # some take the settings of tuned ones
        with self._judging():
            for name in progress(last, f"judging {self.task}".strip()):
                self._measure(name, arms[name], trial, choose)
        return {name: self.runs[name] for name in arms}

    def add(self, arm: str, metrics: Mapping[str, Sequence[float]], spent: Mapping[str, float]) -> ArmRun:
        """Add what was measured outside of :meth:`run`; see :meth:`utils.study.Study.add`."""
        self._check([arm], *metrics)
        described = self.file.arms[arm]
        run = self.runs.get(arm) or ArmRun(described, setting=self._borrowed(described))
        run.metrics |= {name: [float(value) for value in values] for name, values in metrics.items()}
        run.spent |= {name: float(value) for name, value in spent.items()}
        self.runs[arm] = run
        return run

    def unseal(self) -> None:
        """Give prepared arms their judged values: the study judges now."""
        for name, judged in self.sealed.items():
            self.runs[name].metrics |= judged.metrics
            self.runs[name].kept = read_weights(judged.weights)
        self.sealed = {}

    def values(self, metric: str) -> dict[str, list[float]]:
        """The judged values of every arm that has the metric.

        Raises
        ------
        FrugalError
            When they are prepared and nothing was judged yet.
        """
        if self.sealed:
            raise FrugalError("prepared values are sealed until they judge: call study.judge() first.")
        return {name: run.metrics[metric] for name, run in self.runs.items() if metric in run.metrics}

    def show_budgets(self) -> None:
        """A table of what each arm was given."""
        equal = [quantity for claim in self.claims for quantity in claim.equal]
        shown = list(dict.fromkeys([*equal, *self.file.shown]))
        rows = [budgets.row(run, shown, self.file) for run in self.runs.values()]
        head = ["arm", "role", "chosen setting", "settings tried", "looks", *shown]
        tables.show(head, rows, f"Budgets {self.task}".strip())

    def flags(self) -> list[str]:
        """What is suspicious: settings on the edge of their grid, unequal budgets, broken arms."""
        edges = [
            f"{name} chose {parameter} = {run.setting[parameter]:g}, the edge of its grid: widen it."
            for name, run in self.runs.items()
            for parameter in run.edges
        ]
        spent = {name: run.spent for name, run in self.runs.items()}
        unequal = budgets.inequalities(self.file, self.claims, spent)
        metrics = {claim.metric.name: claim.metric for claim in self.claims}.values()
        broken = [sentence for metric in metrics for sentence in arm_run.at_chance(self.runs, metric)]
        return edges + unequal + arm_run.exploding(self.runs) + broken

    def show_precision(self) -> None:
        """A table of how wide each claim's interval must be expected to be, from the tuning seeds."""
        rows = [
            (
                claim.key,
                f"+-{width:.2g} {claim.metric.unit}",
                f"{claim.smallest:g} {claim.metric.unit}",
                "yes" if width <= claim.smallest else f"no: judge more than {len(self.judged)} seeds",
            )
            for claim, width in self.precision()
        ]
        if rows:
            head = ["claim", "interval to expect", "smallest that counts", "narrow enough"]
            tables.show(head, rows, f"Precision to expect {self.task}".strip())

    def precision(self) -> list[tuple[Claim, float]]:
        """Half the interval to expect of each claim whose arms were both tuned."""
        found = []
        for claim in self.claims:
            pair = [self.runs.get(arm) for arm in claim.compare]
            if all(run is not None and run.tuned is not None for run in pair):
                tuned = [run.tuned[:, tuning.settings(run.grid).index(run.setting)] for run in pair]
                width = judging.half_width(*tuned, len(self.judged))
                found += [(claim, width)] if math.isfinite(width) else []
        return found

    def judge(self, claim: Claim) -> Verdict | None:
        """The verdict on a claim; None when an arm of it was not measured."""
        values = self.values(claim.metric.name)
        if any(arm not in values for arm in claim.compare):
            return None
        if self.sizes.repeats_quick:
            return judging.not_measured(claim, "these are the sizes of quick")
        power = [self.file.arms[name] for name in values if self.file.arms[name].role == "power"]
        counts = {len(values[arm]) for arm in claim.compare}
        seeds = range(max(counts)) if claim.timed or claim.prediction else self.judged
        if counts != {len(seeds)}:
            raise FrugalError(
                f"claim '{claim.key}' needs one value of '{claim.metric.name}' per judged seed "
                f"({len(seeds)}) in both arms; they have {' and '.join(map(str, sorted(counts)))}."
            )
        return judging.judge(claim, values, list(seeds), power)

    @contextmanager
    def _judging(self) -> Iterator[None]:
        """Tables give their judged values as long as this lasts."""
        for table in self.tables:
            table.is_judging = True
        try:
            yield
        finally:
            for table in self.tables:
                table.is_judging = False

    def _check(self, arms: Mapping[str, Any] | Sequence[str], *metrics: str) -> None:
        for kind, names, known in (("arm", arms, self.file.arms), ("metric", metrics, self.file.metrics)):
            for name in names:
                if name not in known:
                    where = f"book/claims/{self.file.slug}.yml"
                    raise FrugalError(f"{where} has no {kind} '{name}'; it has: {', '.join(known)}.")

    def _tune(self, name: str, arm: object, trial: Trial, grid: dict, choose: str) -> None:
        """Choose the setting of one arm."""
        if not self.tuning:
            raise FrugalError(f"arm '{name}' has settings to choose, but sizes give no tuning seeds.")
        tried = tuning.settings(grid)
        given = trial(arm, tried, list(self.tuning))
        outcome = arm_run.checked(given, choose, (len(self.tuning), len(tried)), f"arm '{name}', tuning")
        if choose not in outcome.metrics:
            raise FrugalError(f"arm '{name}' does not give the metric '{choose}' that chooses its setting.")
        tuned = outcome.metrics[choose]
        setting = tried[tuning.best(tuned, self.file.metrics[choose].good)]
        edges = tuning.edges(setting, grid)
        self.runs[name] = ArmRun(self.file.arms[name], setting, grid, tuned, edges=edges)

    def _measure(self, name: str, arm: object, trial: Trial, choose: str) -> None:
        """Judge one arm at its chosen setting."""
        described = self.file.arms[name]
        if described.settings != TUNED:
            self.runs[name] = ArmRun(described, setting=self._borrowed(described))
        run, start = self.runs[name], time.process_time()
        given = trial(arm, [run.setting], list(self.judged))
        outcome = arm_run.checked(given, choose, (len(self.judged), 1), f"arm '{name}'")
        self._check([], *outcome.metrics)
        seconds = (time.process_time() - start) / len(self.judged)
        run.metrics = {metric: values[:, 0].tolist() for metric, values in outcome.metrics.items()}
        run.spent = {arm_run.SECONDS: round(seconds, 4), **outcome.spent}
        run.first, run.kept = outcome.first, outcome.kept

    def _borrowed(self, arm: Arm) -> dict:
        """The setting of an arm that is not tuned itself."""
        if arm.settings == UNTUNED:
            return {}
        if arm.settings == TUNED:
            raise FrugalError(
                f"arm '{arm.name}' is tuned: give it to study.run, or say whose settings it takes."
            )
        if arm.settings not in self.runs:
            raise FrugalError(
                f"arm '{arm.name}' takes the settings of '{arm.settings}', which was not run before."
            )
        return dict(self.runs[arm.settings].setting)
