"""Results files of the first form, read as if they were new ones. It goes when the last of them is replaced.

The first form (schema 1) had no arms, claims in the notebook instead of a file, and "figures" for metrics.
"""

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
        "flags": [],
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
