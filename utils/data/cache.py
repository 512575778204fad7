"""Where downloaded data lies: a folder that the reader prepared (read only), then the user's own cache."""

import hashlib
import os
from pathlib import Path

import pooch

from utils.data.registry import DataSet, File


def prepared() -> Path | None:
    """The folder named by ``FRUGAL_DATA``, laid out ``<set>/<file>``. It is read and never written."""
    folder = os.environ.get("FRUGAL_DATA")
    return Path(folder).expanduser() if folder else None


def own() -> Path:
    """The user's cache folder, where downloads go; ``XDG_CACHE_HOME`` moves it on Linux."""
    return Path(pooch.os_cache("frugal-deep-learning"))


def places(data_set: DataSet, file: File) -> list[Path]:
    """Where a file may lie, in the order in which it is looked for; the last is where it is downloaded to."""
    folders = [folder for folder in (prepared(), own()) if folder is not None]
    return [folder / data_set.name / file.name for folder in folders]


def state(path: Path, file: File) -> str:
    """``"missing"``, ``"corrupt"`` (size or SHA-256 differ from the registry's) or ``"ok"``."""
    if not path.is_file():
        return "missing"
    if path.stat().st_size != file.bytes:
        return "corrupt"
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return "ok" if digest == file.sha256 else "corrupt"
