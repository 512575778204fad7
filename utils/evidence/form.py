"""The form of a results file (schema 2), and what makes one unusable. Imports nothing heavy."""

import math
from collections.abc import Iterator

from utils.evidence.verdict import CANNOT_TELL, FAILS, HOLDS, NOT_MEASURED, WORDS, decide

NUMBER = (int, float)
TEXTS = (
    "key",
    "says",
    "relation",
    "metric",
    "unit",
    "good",
    "tests",
    "dull",
    "task",
    "verdict",
    "reason",
)
NEEDED = {
    **dict.fromkeys(("chapter", "profile", "claims_sha256"), str),
    **dict.fromkeys(("metrics", "series", "arms", "cut", "sizes", "provenance"), dict),
    **dict.fromkeys(("claims", "flags", "arena", "changed"), list),
}
NEEDED_IN_CLAIM = {
    **dict.fromkeys(TEXTS, str),
    **dict.fromkeys(("timed", "prediction"), bool),
    "compare": list,
    "smallest": NUMBER,
    "source": dict,
}
NEEDED_IN_MEASURED = {
    "seeds": list,
    "values": dict,
    "effect": NUMBER,
    "interval": list,
    "note": str,
    "cut": str,
}
NEEDED_IN_ARM = {
    **dict.fromkeys(("name", "task", "role", "is"), str),
    **dict.fromkeys(("setting", "grid", "spent", "metrics"), dict),
    **dict.fromkeys(("seeds", "tuning_seeds", "edges"), list),
}
NEEDED_IN_METRIC = {"unit": str, "text": str}


def problems(results: dict) -> Iterator[str]:
    """What is wrong with results, most basic first, in words that follow the file's name."""
    yield from missing(results, NEEDED)
    for claim in results["claims"]:
        yield from _claim(claim)
    for arm in results["arms"].values():
        yield from missing(arm, NEEDED_IN_ARM)
        for name, metric in arm["metrics"].items():
            if len(list(numbers(metric["values"]))) != len(metric["values"]):
                yield f"has a value that is no number in {name} of {arm['name']}"
    for metric in results["metrics"].values():
        yield from missing(metric, NEEDED_IN_METRIC)
        if ("value" in metric) == ("values" in metric) or not list(numbers(metric)):
            yield f"has a metric without a value ({metric['text']})"
    if not all(map(math.isfinite, numbers(results))):
        yield "holds a number that is not finite"


def _claim(claim: dict) -> Iterator[str]:
    yield from missing(claim, NEEDED_IN_CLAIM)
    if claim["verdict"] not in WORDS:
        yield f"has the unknown verdict '{claim['verdict']}' on claim '{claim['key']}'"
    if claim["verdict"] == NOT_MEASURED:
        return
    yield from missing(claim, NEEDED_IN_MEASURED)
    low, high = claim["interval"]
    if any(len(claim["values"].get(arm, ())) != len(claim["seeds"]) for arm in claim["compare"]):
        yield f"needs one value per seed in claim '{claim['key']}'"
    follows = decide(claim["relation"], low, high, claim["smallest"])
    if claim["prediction"]:
        follows = HOLDS if follows == "supported" else FAILS
    if claim["verdict"] not in (follows, CANNOT_TELL) or not low <= claim["effect"] <= high:
        yield f"states a verdict on claim '{claim['key']}' that does not follow from its interval"


def missing(entry: object, needed: dict) -> Iterator[str]:
    """Fields that are missing or of another type."""
    for field, kind in needed.items():
        found = entry.get(field) if isinstance(entry, dict) else None
        if not isinstance(found, kind) or (isinstance(found, bool) and kind is not bool):
            yield f"has no usable field '{field}'"


def numbers(entry: object) -> Iterator[float]:
    """Every number in a nested entry; true and false are none."""
    if isinstance(entry, dict):
        entry = list(entry.values())
    if isinstance(entry, list):
        for item in entry:
            yield from numbers(item)
    elif isinstance(entry, NUMBER) and not isinstance(entry, bool):
        yield entry
