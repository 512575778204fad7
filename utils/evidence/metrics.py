"""Looking up what a page cites: a metric or a claim of a chapter's results, by its key."""

from utils.errors import FrugalError
from utils.evidence.keys import key_of


def all_of(results: dict) -> dict[str, dict]:
    """Every metric by its key: those kept one by one, and each arm's as METRIC-ARM (or TASK-METRIC-ARM)."""
    of_arms = {
        key_of(arm["task"], metric, arm["name"]): {**found, "text": f"{metric}, {arm['is']}"}
        for arm in results["arms"].values()
        for metric, found in arm["metrics"].items()
    }
    return of_arms | results["metrics"]


def find(results: dict, key: str) -> dict:
    """The metric of this key.

    Raises
    ------
    FrugalError
        When there is none; the message lists those that there are.
    """
    known = all_of(results)
    if key not in known:
        names = ", ".join(sorted(known))
        raise FrugalError(f"the results of {results['chapter']} have no metric '{key}'; they have: {names}.")
    return known[key]


def find_claim(results: dict, key: str) -> dict:
    """The claim of this key.

    Raises
    ------
    FrugalError
        When there is none.
    """
    known = {claim["key"]: claim for claim in results["claims"]}
    if key not in known:
        raise FrugalError(
            f"the results of {results['chapter']} have no claim '{key}'; they have: {', '.join(known)}."
        )
    return known[key]
