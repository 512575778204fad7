"""The rules for a chapter's claims file, and that the recorded results answer the claims that stand there."""

from collections.abc import Iterator
from pathlib import Path

from utils.errors import FrugalError
from utils.evidence import claims_file
from utils.evidence.claims import Claim

FIELDS = ("relation", "smallest", "task")


def problems(slug: str, results: dict[str, dict], root: Path) -> Iterator[str]:
    """What the claims file breaks, one sentence each; its own mistakes first.

    Parameters
    ----------
    results : dict of str to dict
        The recorded results by profile.
    """
    try:
        file = claims_file.load(slug, root / "book" / "claims")
    except FrugalError as error:
        yield f"cannot be used: {error}"
        return
    for profile, found in results.items():
        recorded = {claim["key"]: claim for claim in found["claims"]}
        for key in file.claims.keys() ^ recorded.keys():
            where = "is not in the results" if key in file.claims else "is in the results alone"
            yield f"and results/{slug}.{profile}.json differ: the claim '{key}' {where}; record it again."
        for key in file.claims.keys() & recorded.keys():
            if _differs(file.claims[key], recorded[key]):
                yield f"judges '{key}' otherwise than results/{slug}.{profile}.json: record it again."


def _differs(claim: Claim, recorded: dict) -> bool:
    same = all(getattr(claim, name) == recorded[name] for name in FIELDS)
    same = same and list(claim.compare) == recorded["compare"]
    metric = (claim.metric.name, claim.metric.unit, claim.metric.good)
    return not same or metric != tuple(recorded[n] for n in ("metric", "unit", "good"))
