"""The experiments of a study: every arm is tuned on its own seeds and measured on those that judge."""

from collections.abc import Mapping, Sequence
from typing import Any

from utils.evidence import prepared_run, tuning
from utils.evidence.arm_run import ArmRun
from utils.evidence.experiment import Trial
from utils.evidence.lookup import Build, Table
from utils.study.setup import Setup


class Runs(Setup):
    """The part of a :class:`utils.study.Study` that measures."""

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
