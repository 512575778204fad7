"""Reading results back: those recorded with the book or, when asked for, this machine's own."""

from pathlib import Path

from utils.errors import FrugalError
from utils.evidence.schema import NAME, parse
from utils.files import read_regular
from utils.paths import BUILD, RESULTS

PROFILES = ("quick", "full")  # the two scales that the book reports; smoke only tests that code runs
LOCAL = BUILD / "results"
LOCAL_NOTICE = "Measured on this machine; not the book's record."


def load(slug: str, profile: str, local: bool = False) -> dict | None:
    """The results of a chapter at a profile, or None when nobody measured them yet.

    Parameters
    ----------
    local : take what ``frugal run`` measured on this machine instead of what the book records. A local run
        never stands in for a record, whatever its date.

    Raises
    ------
    FrugalError
        when the file is there but cannot be read as results.
    """
    path = (LOCAL if local else RESULTS) / f"{slug}.{profile}.json"
    return read(path) if path.exists() or path.is_symlink() else None


def read_all(path: Path) -> list[dict]:
    """The results in one file, or in every ``NN_slug.profile.json`` of a folder, in order of their names.

    Raises
    ------
    FrugalError
        when the path does not exist, holds no results, or one of its files cannot be read.
    """
    if not path.exists():
        raise FrugalError(f"there is no file or folder '{path}': give results written by `frugal run`.")
    if not path.is_dir():
        return [read(path)]
    found = [read(file) for file in sorted(path.iterdir()) if NAME.fullmatch(file.name)]
    if not found:
        raise FrugalError(f"'{path}' holds no results: they are named NN_slug.profile.json.")
    return found


def read(path: Path) -> dict:
    """One results file, checked for what the book's pages use.

    Raises
    ------
    FrugalError
        when it is no regular file, or :func:`utils.evidence.schema.parse` refuses its text.
    """
    try:
        text = read_regular(path).decode()
    except (ValueError, OSError) as error:
        raise FrugalError(f"'{path}' cannot be read ({error}): run the chapter again.") from error
    return parse(text, path.name)
