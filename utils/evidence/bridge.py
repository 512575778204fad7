"""Results files of the first form, read as if they were new ones. It goes when the last of them is replaced.

The first form (schema 1) had no arms, claims in the notebook instead of a file, and "figures" for metrics.
"""

from collections.abc import Iterator

from utils.evidence.form import NUMBER, missing, numbers
from utils.evidence.verdict import decide

NEEDED_IN_CLAIM = {
    **dict.fromkeys(("key", "text", "paper", "place", "certainty", "metric", "unit", "better", "kind"), str),
    **dict.fromkeys(("treatment", "baseline"), dict),
    **dict.fromkeys(("seeds", "interval"), list),
    **dict.fromkeys(("smallest_effect", "effect"), NUMBER),
    **dict.fromkeys(("note", "verdict"), str),
}
NEEDED_IN_ARM = {"name": str, "values": list}
NEEDED_IN_FIGURE = {"unit": str, "text": str}
RENAMED = {"text": "says", "kind": "relation", "better": "good", "smallest_effect": "smallest"}
SAME = ("key", "metric", "unit", "seeds", "effect", "interval", "confidence", "method", "note", "verdict")


def upgraded(results: dict) -> dict:
    """Results of schema 1 in the form of schema 2; others as they are."""
    if results["schema"] > 1:
        return results
    cut = results.get("reduced", "")
    kept = {name: results[name] for name in ("chapter", "profile", "provenance")}
    claims = [_claim(claim, cut) for claim in results["claims"]]
    return kept | {
        "schema": 1,
        "claims": claims,
        "metrics": results["figures"],
        "arms": {},
        "series": {},
        "flags": [],
        "changed": [],
        "cut": {"": cut},
        "arena": results.get("arena", []),
    }


def _claim(claim: dict, cut: str) -> dict:
    arms = claim["treatment"], claim["baseline"]
    new = {name: claim[name] for name in SAME if name in claim}
    new |= {new_name: claim[old] for old, new_name in RENAMED.items()}
    return new | {
        "compare": [arm["name"] for arm in arms],
        "values": {arm["name"]: arm["values"] for arm in arms},
        "source": {name: claim[name] for name in ("paper", "place", "certainty")},
        "tests": "",
        "dull": "",
        "task": "",
        "timed": False,
        "prediction": False,
        "reason": "",
        "cut": cut,
    }


def problems(results: dict) -> Iterator[str]:
    """What is wrong with results of schema 1, most basic first, in words that follow the file's name."""
    yield from missing({"reduced": "", **results}, {"reduced": str, "figures": dict})
    for figure in results["figures"].values():
        yield from missing(figure, NEEDED_IN_FIGURE)
        if ("value" in figure) == ("values" in figure) or not list(numbers(figure)):
            yield f"has a figure without a value ({figure['text']})"
    for claim in results["claims"]:
        yield from _wrong_in_claim(claim)


def _wrong_in_claim(claim: dict) -> Iterator[str]:
    yield from missing(claim, NEEDED_IN_CLAIM)
    for arm in (claim["treatment"], claim["baseline"]):
        yield from missing(arm, NEEDED_IN_ARM)
        if not len(list(numbers(arm["values"]))) == len(arm["values"]) == len(claim["seeds"]) > 0:
            yield f"needs one value per seed in claim '{claim['key']}'"
    low, high = claim["interval"]
    word = decide(claim["kind"], low, high, claim["smallest_effect"])
    if word != claim["verdict"] or not low <= claim["effect"] <= high:
        yield f"states a verdict on claim '{claim['key']}' that does not follow from its interval"
