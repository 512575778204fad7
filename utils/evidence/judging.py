"""From the values of the arms to a verdict: the power of the task first, then the claim's own interval."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from utils.evidence.claims import Arm, Claim
from utils.evidence.compare import CONFIDENCE, Comparison, compare
from utils.evidence.verdict import CANNOT_TELL, FAILS, HOLDS, NOT_MEASURED, decide

Values = Mapping[str, Sequence[float]]  # arm: one value per seed


@dataclass(frozen=True)
class Verdict:
    """A claim and what one run says about it.

    Attributes
    ----------
    word : str
        One of :data:`utils.evidence.verdict.WORDS`.
    comparison : Comparison or None
        None where nothing was measured.
    seeds : list of int
        The judged seeds; empty where nothing was measured.
    reason : str
        Why there is no verdict; empty where there is one.
    values : dict
        The two arms' values, one per seed.
    """

    claim: Claim
    word: str
    comparison: Comparison | None = None
    seeds: tuple[int, ...] = ()
    reason: str = ""
    values: Mapping[str, Sequence[float]] | None = None

    def __str__(self) -> str:
        """Word, effect and criterion on a line each: a page is narrower than the sentence."""
        if self.comparison is None:
            return f"{self.claim.key}: {self.word}" + (f" ({self.reason})" if self.reason else "")
        c, unit = self.comparison, self.claim.metric.unit
        note = "; ".join(part for part in (self.reason, c.note) if part)
        return "\n  ".join(
            (
                f"{self.claim.key}: {self.word}" + (f" ({note})" if note else ""),
                f"effect {c.effect:.3g} {unit}, {CONFIDENCE:.0%} interval {c.low:.3g} to {c.high:.3g}, "
                f"{len(self.seeds)} seeds",
                f"claimed: {self.claim.relation}; {self.claim.smallest:g} {unit} is the least that counts",
            )
        )


def not_measured(claim: Claim, reason: str = "") -> Verdict:
    """No row at this scale."""
    return Verdict(claim, NOT_MEASURED, reason=reason)


def judge(claim: Claim, values: Values, seeds: Sequence[int], power: Sequence[Arm]) -> Verdict:
    """The verdict on one claim.

    Parameters
    ----------
    values : mapping of arm to values
        The claim's metric for every arm that was run, one value per seed, in the order of ``seeds``.
    power : sequence of Arm
        The power arms among them.

    Raises
    ------
    FrugalError
        When the two arms' values cannot be paired, or one of them diverged.
    """
    first, second = (list(map(float, values[arm])) for arm in claim.compare)
    if claim.prediction:
        return _prediction(claim, first, second, seeds)
    comparison = compare(first, second, claim.metric.good)
    word = decide(claim.relation, comparison.low, comparison.high, claim.smallest)
    reason = next(filter(None, (_without_power(claim, values, arm) for arm in power)), "")
    if not power and not claim.timed:
        reason = "no power arm was run, so nothing shows that the task can tell"
    kept = dict(zip(claim.compare, (first, second), strict=True))
    return Verdict(claim, CANNOT_TELL if reason else word, comparison, tuple(seeds), reason, kept)


def _prediction(claim: Claim, first: list[float], second: list[float], seeds: Sequence[int]) -> Verdict:
    """What arithmetic fixes has no interval: the difference of the means is compared with the criterion."""
    gain = np.mean(first) - np.mean(second)
    gain = float(gain if claim.metric.good == "higher" else -gain)
    holds = decide(claim.relation, gain, gain, claim.smallest) == "supported"
    exact = Comparison(gain, gain, gain, "fixed by arithmetic: a check, no evidence")
    kept = dict(zip(claim.compare, (first, second), strict=True))
    return Verdict(claim, HOLDS if holds else FAILS, exact, tuple(seeds), values=kept)


def _without_power(claim: Claim, values: Values, arm: Arm) -> str:
    """Why a power arm shows that the task cannot tell, or nothing when it can."""
    gaps = [
        compare(values[name], values[arm.name], claim.metric.good)
        for name in claim.compare
        if name != arm.name
    ]
    if arm.trivial and not any(gap.low >= claim.smallest for gap in gaps):
        return f"no arm is better than {arm.what} by the smallest effect"
    if any(gap.low >= claim.smallest or gap.high <= -claim.smallest for gap in gaps):
        return ""
    return f"{arm.what} differs from neither arm by the smallest effect"


def half_width(first: Sequence[float], second: Sequence[float], count: int) -> float:
    """Half the interval that ``count`` judged seeds are expected to give, from the tuning seeds' differences.

    With three tuning seeds it is a rough guide: their standard deviation may be off by a factor of two.
    """
    differences = np.asarray(first, dtype=float) - np.asarray(second, dtype=float)
    if len(differences) < 2 or count < 2:
        return math.nan
    from scipy import stats  # here: pages read verdicts and compute none

    factor = stats.t.ppf((1 + CONFIDENCE) / 2, count - 1)
    return float(factor * differences.std(ddof=1) / math.sqrt(count))
