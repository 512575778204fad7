"""From the text of a results file to results that can be used, or a sentence that says why not."""

import json
import re
from collections.abc import Iterator

from utils.errors import FrugalError
from utils.evidence import form

SCHEMA = 2  # raise it when a reader of the old form would misread the new one
OLDER = "an older version of the book: run the chapter again"
NAME = re.compile(r"(\d\d_[a-z0-9_]+)\.(smoke|quick|full)\.json")
NEEDED_IN_PROVENANCE = {
    **dict.fromkeys(("device", "cpu", "python", "torch", "date"), str),
    **dict.fromkeys(("threads", "seconds"), form.NUMBER),
}


def parse(text: str, name: str) -> dict:
    """Results from a file's text, in the form of today, checked so that every page and table can use them.

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
    if results["schema"] != SCHEMA:
        age = "a newer version of the book: update this one" if results["schema"] > SCHEMA else OLDER
        raise FrugalError(f"'{name}' was written by {age}.")
    try:
        problem = next(_problems(results, name), "")
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        problem = f"has another form than results ({type(error).__name__}: {error})"
    if problem:
        raise FrugalError(f"'{name}' {problem}: run the chapter again.")
    return results


def _refuse(constant: str) -> None:
    raise ValueError(f"it holds {constant}")


def _problems(results: dict, name: str) -> Iterator[str]:
    """What is wrong, most basic first; later checks rely on what the earlier ones ask for."""
    yield from form.missing(results, form.NEEDED)
    yield from form.missing(results["provenance"], NEEDED_IN_PROVENANCE)
    if NAME.fullmatch(name) and name != f"{results['chapter']}.{results['profile']}.json":
        yield f"holds the results of {results['chapter']} at profile {results['profile']}"
    yield from form.problems(results)
