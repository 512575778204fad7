"""Reading results back: this machine's own first, then the reference figures that come with the book."""

import json
import re
from pathlib import Path

from utils.errors import FrugalError
from utils.evidence import form
from utils.evidence.bridge import upgraded
from utils.evidence.saved import SCHEMA
from utils.paths import BUILD, RESULTS

PROFILES = ("quick", "full")  # the two scales that the book reports; smoke only tests that code runs
FOLDERS = (BUILD / "results", RESULTS)
NAME = re.compile(r"(\d\d_[a-z0-9_]+)\.(smoke|quick|full)\.json")
NUMBER = (int, float)
NEEDED = {"chapter": str, "profile": str, "claims": list, "figures": dict, "provenance": dict}
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


def load(slug: str, profile: str) -> dict | None:
    """The results of a chapter at a profile, or None when nobody measured them yet.

    Raises
    ------
    FrugalError
        when the file is there but cannot be read as results.
    """
    for folder in FOLDERS:
        path = folder / f"{slug}.{profile}.json"
        if path.is_file():
            return read(path)
    return None


def read_all(path: Path) -> list[dict]:
    """The results in one file, or in every ``NN_slug.profile.json`` of a folder, in order of their names.

    Raises
    ------
    FrugalError
        when the path does not exist, holds no results, or one of its files cannot be read.
    """
    if not path.exists():
        raise FrugalError(f"there is no file or folder '{path}': give results written by `frugal run`.")
    if path.is_file():
        return [read(path)]
    found = [read(file) for file in sorted(path.iterdir()) if NAME.fullmatch(file.name)]
    if not found:
        raise FrugalError(f"'{path}' holds no results: they are named NN_slug.profile.json.")
    return found


def read(path: Path) -> dict:
    """One results file, checked for the fields that the book's pages use.

    Raises
    ------
    FrugalError
        when it is no JSON, was written by a newer version of the book, or lacks a field.
    """
    try:
        results = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        raise FrugalError(f"'{path}' cannot be read as JSON ({error}): run the chapter again.") from error
    if not isinstance(results, dict) or not isinstance(results.get("schema"), int):
        raise FrugalError(f"'{path}' is not a results file of this book: it names no schema.")
    if results["schema"] > SCHEMA:
        raise FrugalError(f"'{path}' was written by a newer version of the book: update this one.")
    if results["schema"] == 1:
        _check_results(results, path)
    else:
        for problem in form.problems(results):
            raise FrugalError(f"'{path}' {problem}: run the chapter again.")
    return upgraded(results)


def _check_results(results: dict, path: Path) -> None:
    _check(results, NEEDED, path)
    _check({"reduced": "", **results}, {"reduced": str}, path)  # files from before this field lack it
    _check(results["provenance"], NEEDED_IN_PROVENANCE, path)
    for figure in results["figures"].values():
        _check(figure, NEEDED_IN_FIGURE, path)
    for claim in results["claims"]:
        _check(claim, NEEDED_IN_CLAIM, path)
        for arm in ("treatment", "baseline"):
            _check(claim[arm], NEEDED_IN_ARM, path)


def _check(entry: object, needed: dict, path: Path) -> None:
    """Refuse an entry in which a field is missing or of another type."""
    for field, kind in needed.items():
        if not isinstance(entry, dict) or not isinstance(entry.get(field), kind):
            raise FrugalError(f"'{path}' has no usable field '{field}': run the chapter again.")
