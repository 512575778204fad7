"""What one run of a chapter's notebook found: claims judged, figures recorded, written as one JSON file."""

import json
import math
import os
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch

from utils import provenance
from utils.errors import FrugalError
from utils.evidence.claim import Claim
from utils.evidence.compare import CONFIDENCE, METHOD, Comparison, compare
from utils.evidence.verdict import decide
from utils.files import write_atomic
from utils.paths import WORKSPACE

Arm = tuple[str, Sequence[float]]


@dataclass(frozen=True)
class Verdict:
    """A claim, the comparison that judged it, and the word that follows from the two."""

    claim: Claim
    comparison: Comparison
    seeds: list[int]
    word: str

    def __str__(self) -> str:
        """Word, effect and criterion on a line each: a page is narrower than the sentence."""
        c, unit, note = self.comparison, self.claim.unit, self.comparison.note
        lines = (
            f"{self.claim.key}: {self.word}" + (f" ({note})" if note else ""),
            f"effect {c.effect:.3g} {unit}, {CONFIDENCE:.0%} interval {c.low:.3g} to {c.high:.3g}, "
            f"{len(self.seeds)} seeds",
            f"claimed: {self.claim.kind}; {self.claim.smallest_effect:g} {unit} is the least that counts",
        )
        return "\n  ".join(lines)


class Results:
    """Collects the evidence of one run: declare all claims, run the experiment, judge, record, save.

    Parameters
    ----------
    slug : the chapter ("11_bitnet_reloaded").
    profile : "smoke", "quick" or "full".
    device : where the experiment runs, for the provenance.
    reduced : what was cut to fit a smaller machine ("8 of 40 seeds"), in a clause; empty when nothing was.
    """

    def __init__(self, slug: str, profile: str, device: str | torch.device, reduced: str = "") -> None:
        self.slug, self.profile, self.device, self.reduced = slug, profile, device, reduced
        self._claims: dict[str, Claim] = {}
        self._judged: dict[str, dict] = {}
        self._figures: dict[str, dict] = {}
        self._arena: list[dict] = []
        self._start = time.monotonic()

    def declare(self, claim: Claim) -> Claim:
        """Write a claim down, before anything is judged.

        Raises
        ------
        FrugalError
            when a claim was judged already, or the key is taken.
        """
        if self._judged:
            raise FrugalError(
                f"claim '{claim.key}' comes after results were judged: declare every claim before the "
                "experiment (run the cell that makes Results again to start over)."
            )
        if claim.key in self._claims:
            raise FrugalError(
                f"claim '{claim.key}' is declared already: give each claim its own key, or "
                "run the cell that makes Results again to start over."
            )
        self._claims[claim.key] = claim
        return claim

    def judge(self, claim: Claim, treatment: Arm, baseline: Arm, seeds: Sequence[int]) -> Verdict:
        """Compute the verdict on a declared claim from both methods' values, one per seed, in one order.

        Raises
        ------
        FrugalError
            when the claim was not declared, was judged already, or the values cannot be compared.
        """
        if self._claims.get(claim.key) != claim:
            raise FrugalError(f"claim '{claim.key}' was not declared: declare it before the experiment.")
        if claim.key in self._judged:
            raise FrugalError(f"claim '{claim.key}' was judged already: a verdict is computed once.")
        seeds = [int(seed) for seed in seeds]
        arms = [
            {"name": name, "values": [float(v) for v in values]} for name, values in (treatment, baseline)
        ]
        if len(set(seeds)) != len(seeds) or any(len(arm["values"]) != len(seeds) for arm in arms):
            raise FrugalError(f"claim '{claim.key}' needs one value per seed and each seed once.")
        comparison = compare(arms[0]["values"], arms[1]["values"], claim.better)
        word = decide(claim.kind, comparison.low, comparison.high, claim.smallest_effect)
        verdict = Verdict(claim, comparison, seeds, word)
        self._judged[claim.key] = _as_entry(verdict, *arms)
        return verdict

    def record(self, key: str, value: float | Sequence[float], unit: str, text: str) -> None:
        """Keep a measured figure (or one per seed) so that the pages can print it: ``text`` says what it is.

        Raises
        ------
        FrugalError
            when the key is taken or a value is not finite.
        """
        if key in self._figures:
            raise FrugalError(f"figure '{key}' is recorded already: give each figure its own key.")
        single = not hasattr(value, "__len__") or getattr(value, "ndim", 1) == 0
        values = [float(value)] if single else [float(v) for v in value]
        if not values or not all(math.isfinite(v) for v in values):
            raise FrugalError(f"figure '{key}' is empty or not finite: nothing to print.")
        kept = {"value": values[0]} if single else {"values": values}
        self._figures[key] = {**kept, "unit": unit, "text": text}

    def enter(self, point: dict) -> None:
        """Keep a point of the arena, as :func:`utils.arena.enter.measure` gives it."""
        self._arena.append(point)

    def as_dict(self) -> dict:
        """Everything found so far, in the form of the file; claims in the order of their declaration."""
        seconds = round(time.monotonic() - self._start, 1)
        return {
            "schema": 1,
            "chapter": self.slug,
            "profile": self.profile,
            "reduced": self.reduced,
            "claims": [self._judged[key] for key in self._claims if key in self._judged],
            "figures": self._figures,
            "arena": self._arena,
            "provenance": {**provenance.describe(self.device), "seconds": seconds},
        }

    def save(self) -> Path:
        """Write ``SLUG.PROFILE.json`` into ``$FRUGAL_RESULTS``, or the reader's workspace; returns its path.

        Raises
        ------
        FrugalError
            when a declared claim was never judged.
        """
        missing = [key for key in self._claims if key not in self._judged]
        if missing:
            raise FrugalError(f"declared but never judged: {', '.join(missing)}; a claim may not be dropped.")
        folder = Path(os.environ.get("FRUGAL_RESULTS") or WORKSPACE / "results")
        path = folder / f"{self.slug}.{self.profile}.json"
        write_atomic(path, json.dumps(self.as_dict(), indent=1, allow_nan=False) + "\n")
        return path


def _as_entry(verdict: Verdict, treatment: dict, baseline: dict) -> dict:
    """A judged claim in the form of the file."""
    comparison = verdict.comparison
    return {
        **asdict(verdict.claim),
        "treatment": treatment,
        "baseline": baseline,
        "seeds": verdict.seeds,
        "effect": comparison.effect,
        "interval": [comparison.low, comparison.high],
        "confidence": CONFIDENCE,
        "method": METHOD,
        "note": comparison.note,
        "verdict": verdict.word,
    }
