"""The set-up of a study: device, thread, seeds, sizes, and what was written down beforehand."""

import time
from types import SimpleNamespace

import torch

from utils import tables
from utils.errors import FrugalError
from utils.evidence import claims_file, saved, sizes
from utils.evidence.claims import row
from utils.evidence.experiment import Experiment
from utils.evidence.judging import Verdict
from utils.training import pick_device, seed_everything


class Setup:
    """The part of a :class:`utils.study.Study` that is there before anything is measured."""

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

    def _experiment(self, task: str) -> Experiment:
        if task not in self._experiments:
            called = f"study.sizes('{task}', smoke=...)" if task else "study.sizes(smoke=...)"
            raise FrugalError(f"the experiment has no sizes yet: call {called} first.")
        return self._experiments[task]
