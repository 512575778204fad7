"""Scratch folders: removed at the end, and by the next run where their owner was killed."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows, where a forgotten folder stays until the system clears its temporary files
    fcntl = None

from utils.errors import FrugalError
from utils.execution.processes import Family

PREFIX = "frugal-run-"
LOCK = "owner.lock"


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """A folder of one's own among the temporary ones, with everything in it removed afterwards.

    The owner holds a lock as long as it lives, so that nobody else takes the folder for a forgotten one.

    Raises
    ------
    FrugalError
        when there is no place for temporary files.
    """
    try:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    except OSError as error:
        hint = "free some space there, or set TMPDIR to another folder"
        raise FrugalError(f"temporary files cannot be written ({error}): {hint}.") from error
    fresh = folder / "fresh.lock"
    with fresh.open("w") as lock:
        if fcntl:
            fcntl.flock(lock, fcntl.LOCK_EX)
            fresh.rename(folder / LOCK)  # only a locked file ever has this name
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def clear() -> None:
    """Remove this user's scratch folders whose owners were killed, and end what still runs in them."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*") if hasattr(os, "getuid") else ():
        with contextlib.suppress(OSError):
            if folder.is_symlink() or folder.stat().st_uid != os.getuid():
                continue
            with (folder / LOCK).open() as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                Family(None, str(folder)).kill()
                shutil.rmtree(folder, ignore_errors=True)
