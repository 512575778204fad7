"""The results file of one run: everything that the pages, the scoreboard and other machines read."""

import json
import re
from pathlib import Path
from typing import Any

from utils.evidence.compare import CONFIDENCE, METHOD
from utils.evidence.judging import Verdict
from utils.files import write_atomic

NUMBERS = re.compile(r"\[\s+([^\[\]{}\"]*?)\s+\]")


def key_of(*words: object) -> str:
    """A key from words: "RigL, ERK" and 64 become "rigl-erk-64"."""
    text = " ".join(str(word).lower() for word in words)
    return "-".join("".join(c if c.isalnum() and c.isascii() else " " for c in text).split())


def claim_entry(verdict: Verdict, cut: str) -> dict[str, Any]:
    """A claim with its verdict, in the form of the file; ``cut`` says what was cut from ``full`` for it."""
    claim, comparison = verdict.claim, verdict.comparison
    entry = {
        **{
            name: getattr(claim, name)
            for name in ("key", "says", "relation", "compare", "smallest", "scales")
        },
        "metric": claim.metric.name,
        "unit": claim.metric.unit,
        "good": claim.metric.good,
        **{name: getattr(claim, name) for name in ("tests", "dull", "source", "task", "timed", "prediction")},
        "unequal": claim.unequal,
        "verdict": verdict.word,
        "reason": verdict.reason,
    }
    if comparison is None:
        return entry
    return entry | {
        "seeds": verdict.seeds,
        "values": verdict.values,
        "effect": comparison.effect,
        "interval": [comparison.low, comparison.high],
        "confidence": CONFIDENCE,
        "method": METHOD,
        "note": comparison.note,
        "cut": cut,
    }


def write(path: Path, results: dict[str, Any]) -> None:
    """Write results as JSON, lists of numbers on one line each.

    Raises
    ------
    ValueError
        When a number is not finite.
    """
    text = json.dumps(results, indent=1, allow_nan=False)
    write_atomic(path, NUMBERS.sub(lambda found: f"[{' '.join(found[1].split())}]", text) + "\n")
