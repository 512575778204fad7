"""What a study concludes: budgets side by side, verdicts, numbers and plots for the page, the results."""

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from utils import compact_json, figures, provenance
from utils.errors import FrugalError
from utils.evidence import forest, judging, plots, saved
from utils.evidence.claims import Claim
from utils.evidence.judging import Verdict
from utils.evidence.schema import SCHEMA
from utils.files import write_atomic
from utils.paths import WORKSPACE
from utils.study.runs import Runs

WIDTH = 6.5  # inches of a plot in a notebook


class Study(Runs):
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
