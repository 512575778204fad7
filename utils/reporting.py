"""What the notebooks print and record of an experiment: values of named arms, and verdicts on claims."""

from collections.abc import Mapping, Sequence

from utils.errors import FrugalError
from utils.evidence.claim import Claim
from utils.evidence.results import Results, Verdict


def key_of(*words: object) -> str:
    """A results key from words: "RigL, ERK" and 64 become "rigl-erk-64"."""
    text = " ".join(str(word).lower() for word in words)
    return "-".join("".join(c if c.isalnum() and c.isascii() else " " for c in text).split())


def report(
    results: Results, name: str, found: Mapping[str, Sequence[float]], unit: str, text: str = ""
) -> None:
    """Print the mean and range of every arm's values, one a seed, and record the mean as ``name-arm``.

    Parameters
    ----------
    found : for each arm its values, one a seed (a tensor, an array or a list).
    text : what is measured, for the record; ``name`` where it is empty.

    Raises
    ------
    FrugalError
        when an arm has no values.
    """
    width = max(map(len, found), default=0)
    for arm, values in found.items():
        values = [float(value) for value in values]
        if not values:
            raise FrugalError(f"arm '{arm}' has no values to report: give one a seed.")
        mean = sum(values) / len(values)
        results.record(key_of(name, arm), mean, unit, f"{text or name}, {arm}, mean over {len(values)} seeds")
        print(f"{arm:{width}} {mean:.4g} {unit}, seeds {min(values):.4g} to {max(values):.4g}")


def judge(
    results: Results,
    claim: Claim,
    found: Mapping[str, Sequence[float]],
    treatment: str,
    baseline: str,
    seeds: Sequence[int],
) -> Verdict:
    """Judge ``claim`` on two arms of ``found``, print the verdict and return it.

    Raises
    ------
    FrugalError
        when an arm is missing, or as :meth:`Results.judge` does.
    """
    for arm in (treatment, baseline):
        if arm not in found:
            raise FrugalError(f"there is no arm '{arm}' to judge; there are: {', '.join(found)}.")
    verdict = results.judge(claim, (treatment, found[treatment]), (baseline, found[baseline]), seeds)
    print(verdict)
    return verdict
