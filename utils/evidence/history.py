"""What became of each claim: ``results/history.jsonl`` has a line per verdict that is new or turned.

Before results are recorded, three things are refused: a run of a changed checkout, claims that were changed
after the last record without saying so, and a verdict that turns without a reason.
"""

import json
from pathlib import Path

from utils.errors import FrugalError
from utils.evidence.verdict import NOT_MEASURED
from utils.files import write_atomic

NAME = "history.jsonl"
CRITERION = ("metric", "unit", "good", "relation", "compare", "smallest", "task")
FIRST = "first record"


def check(old: dict | None, new: dict) -> None:
    """Refuse results that may not be recorded.

    Parameters
    ----------
    old, new : dict
        Results of one chapter and profile: those recorded (None when there are none), and the run.

    Raises
    ------
    FrugalError
        When the checkout was changed, or the claims were changed since the last record and ``changed`` in the
        claims file has no new sentence, so that the seeds which were looked at would judge again.
    """
    slug = new["chapter"]
    if new["provenance"].get("dirty"):
        raise FrugalError(f"{slug} ran on a changed checkout: commit your changes, run again, then record.")
    if old is None or len(new["changed"]) > len(old["changed"]):
        return
    before, after = _criteria(old), _criteria(new)
    for key in before.keys() | after.keys():
        if before.get(key) != after.get(key):
            kind = "changed" if key in before and key in after else "new" if key in after else "gone"
            raise FrugalError(
                f"claim '{key}' of {slug} is {kind} since its last record: say why in `changed` of "
                f"book/claims/{slug}.yml, which moves the seeds, and run again."
            )


def lines(old: dict | None, new: dict, because: str = "") -> list[dict]:
    """A line for each claim whose word is new or turned.

    Parameters
    ----------
    because : str
        Why words turned, in the author's sentence; a change of the claims file is its own reason.

    Raises
    ------
    FrugalError
        When a word turned and nothing says why.
    """
    before = {claim["key"]: claim["verdict"] for claim in old["claims"]} if old else {}
    fresh = new["changed"][len(old.get("changed", [])) :] if old else []
    found = []
    for claim in new["claims"]:
        key, word, earlier = claim["key"], claim["verdict"], before.get(claim["key"])
        if word in (earlier, NOT_MEASURED):
            continue
        reason = because or "; ".join(fresh) or (FIRST if earlier is None else "")
        if not reason:
            raise FrugalError(
                f"claim '{key}' turns from {earlier} to {word}: say why with --because \"...\"."
            )
        found.append(_line(new, key, word, earlier, reason))
    return found


def append(folder: Path, found: list[dict]) -> None:
    """Add lines to the history in ``folder``; a crash leaves the old file or the new one."""
    path = folder / NAME
    kept = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    new = [line for line in map(json.dumps, found) if line not in kept]  # after a crash it is there already
    if new:
        write_atomic(path, "\n".join([*kept, *new]) + "\n")


def _line(new: dict, key: str, word: str, earlier: str | None, reason: str) -> dict:
    where = new["provenance"]
    return {
        "date": where["date"],
        "commit": where.get("commit"),
        "chapter": new["chapter"],
        "profile": new["profile"],
        "claim": key,
        "word": word,
        "before": earlier,
        "reason": reason,
    }


def _criteria(results: dict) -> dict[str, list]:
    return {claim["key"]: [claim[field] for field in CRITERION] for claim in results["claims"]}
