"""Where downloaded data lies: a folder that the reader prepared (read only), then the user's own cache."""

import hashlib
import os
from pathlib import Path

import platformdirs

from utils.data.registry import DataSet, File
from utils.errors import FrugalError


def prepared() -> Path | None:
    """The folder named by ``FRUGAL_DATA``, laid out ``<set>/<file>``. It is read and never written.

    Raises
    ------
    FrugalError
        when it begins with ``~`` and a user that this machine does not know.
    """
    folder = os.environ.get("FRUGAL_DATA")
    try:
        return Path(folder).expanduser() if folder else None
    except RuntimeError as error:
        raise FrugalError(
            f"FRUGAL_DATA is '{folder}', and no home is known: write the whole path."
        ) from error


def own() -> Path:
    """The user's cache folder, where downloads go; ``XDG_CACHE_HOME`` moves it on Linux."""
    return Path(platformdirs.user_cache_path("frugal-deep-learning", appauthor=False))


def places(data_set: DataSet, file: File) -> list[Path]:
    """Where a file may lie, in the order in which it is looked for; the last is where it is downloaded to."""
    folders = [folder for folder in (prepared(), own()) if folder is not None]
    return [folder / data_set.name / file.name for folder in folders]


def is_there(path: Path) -> bool:
    """Whether a file lies there.

    Raises
    ------
    FrugalError
        when this user may not look.
    """
    try:
        return path.is_file()
    except OSError as error:
        raise _unreadable(path, error) from error


def state(path: Path, file: File) -> str:
    """``"missing"``, ``"corrupt"`` (size or SHA-256 differ from the registry's) or ``"ok"``.

    Raises
    ------
    FrugalError
        when this user may not read it.
    """
    if not is_there(path):
        return "missing"
    if path.stat().st_size != file.bytes:
        return "corrupt"
    try:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise _unreadable(path, error) from error
    return "ok" if digest == file.sha256 else "corrupt"


def _unreadable(path: Path, error: OSError) -> FrugalError:
    hint = "make it readable, or let FRUGAL_DATA name another folder"
    return FrugalError(f"'{path}' cannot be read ({error.strerror}): {hint}.")
