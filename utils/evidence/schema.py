"""The form of a results file, and what makes one unusable; imports nothing heavy."""

import json
import math
import re
from collections.abc import Iterator

from utils.errors import FrugalError
from utils.evidence.verdict import decide

SCHEMA = 2  # raise it when a reader of the old form would misread the new one
NAME = re.compile(r"(\d\d_[a-z0-9_]+)\.(smoke|quick|full)\.json")
NUMBER = (int, float)
NEEDED = {"chapter": str, "profile": str, "claims": list, "provenance": dict}
NEEDED_IN_CLAIM = {
    **dict.fromkeys(("key", "text", "paper", "place", "certainty", "metric", "unit", "better", "kind"), str),
    **dict.fromkeys(("treatment", "baseline"), dict),
    **dict.fromkeys(("seeds", "interval"), list),
    **dict.fromkeys(("smallest_effect", "effect"), NUMBER),
    **dict.fromkeys(("note", "verdict"), str),
}
NEEDED_IN_ARM = {"name": str, "values": list}
NEEDED_IN_FIGURE = {"unit": str, "text": str}
NEEDED_IN_PROVENANCE = {
    **dict.fromkeys(("device", "cpu", "python", "torch", "date"), str),
    **dict.fromkeys(("threads", "seconds"), NUMBER),
}


def parse(text: str, name: str) -> dict:
    """Results from a file's text, checked so that every page and table can use them.

    Parameters
    ----------
    name : the file's name; where it is ``NN_slug.profile.json``, the results must be those that it says.

    Raises
    ------
    FrugalError
        when the text is no JSON, has another form, holds NaN or infinity, belongs to another file, or states
        a verdict that does not follow from its interval.
    """
    try:
        results = json.loads(text, parse_constant=_refuse)
    except ValueError as error:
        raise FrugalError(f"'{name}' cannot be read as JSON ({error}): run the chapter again.") from error
    if not isinstance(results, dict) or type(results.get("schema")) is not int:
        raise FrugalError(f"'{name}' is not a results file of this book: it names no schema.")
    if results["schema"] > SCHEMA:
        raise FrugalError(f"'{name}' was written by a newer version of the book: update this one.")
    for problem in _problems(results, name):
        raise FrugalError(f"'{name}' {problem}: run the chapter again.")
    return results


def _refuse(constant: str) -> None:
    raise ValueError(f"it holds {constant}")


def _problems(results: dict, name: str) -> Iterator[str]:
    """What is wrong, most basic first; later checks rely on what the earlier ones ask for."""
    yield from _missing(results, NEEDED)
    if NAME.fullmatch(name) and name != f"{results['chapter']}.{results['profile']}.json":
        yield f"holds the results of {results['chapter']} at profile {results['profile']}"
    yield from _missing(results["provenance"], NEEDED_IN_PROVENANCE)
    if not all(map(math.isfinite, _numbers(results))):
        yield "holds a number that is not finite"
    if results["schema"] == 1:
        yield from _wrong_in_first_form(results)


def _wrong_in_first_form(results: dict) -> Iterator[str]:
    yield from _missing({"reduced": "", "figures": None, **results}, {"reduced": str, "figures": dict})
    for figure in results["figures"].values():
        yield from _missing(figure, NEEDED_IN_FIGURE)
        if ("value" in figure) == ("values" in figure) or not list(_numbers(figure)):
            yield f"has a figure without a value ({figure['text']})"
    for claim in results["claims"]:
        yield from _wrong_in_claim(claim)


def _wrong_in_claim(claim: dict) -> Iterator[str]:
    yield from _missing(claim, NEEDED_IN_CLAIM)
    for arm in (claim["treatment"], claim["baseline"]):
        yield from _missing(arm, NEEDED_IN_ARM)
        if not len(list(_numbers(arm["values"]))) == len(arm["values"]) == len(claim["seeds"]) > 0:
            yield f"needs one value per seed in claim '{claim['key']}'"
    if len(list(_numbers(claim["interval"]))) != 2:
        yield f"has an interval without two ends in claim '{claim['key']}'"
    low, high = claim["interval"]
    try:
        word = decide(claim["kind"], low, high, claim["smallest_effect"])
    except KeyError:
        word = ""
    if word != claim["verdict"] or not low <= claim["effect"] <= high:
        yield f"states a verdict on claim '{claim['key']}' that does not follow from its interval"


def _missing(entry: object, needed: dict) -> Iterator[str]:
    """Fields that are missing or of another type."""
    for field, kind in needed.items():
        found = entry.get(field) if isinstance(entry, dict) else None
        if not isinstance(found, kind) or isinstance(found, bool):
            yield f"has no usable field '{field}'"


def _numbers(entry: object) -> Iterator[float]:
    """Every number in a nested entry; true and false are none."""
    if isinstance(entry, dict):
        entry = list(entry.values())
    if isinstance(entry, list):
        for item in entry:
            yield from _numbers(item)
    elif isinstance(entry, NUMBER) and not isinstance(entry, bool):
        yield entry
