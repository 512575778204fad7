"""Writing files so that a crash at any moment leaves the old file or the new one, never half of one."""

import contextlib
import os
import stat
import tempfile
from pathlib import Path

UMASK = os.umask(0o077)  # it can only be read by setting it
os.umask(UMASK)


def write_atomic(path: Path, content: str | bytes) -> None:
    """Write ``content`` to ``path`` through a temporary file in the same folder, then rename it.

    Text is written as UTF-8. Missing folders are created. A file that is there gives its mode and owner to
    the new one; else the process's umask decides.

    Raises
    ------
    OSError
        when the disk is full or the folder cannot be written; ``path`` is then unchanged.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    data = content.encode("utf-8") if isinstance(content, str) else content
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _take_over(temporary, path)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _take_over(temporary: str, path: Path) -> None:
    """Mode and owner for the temporary file, which is born private."""
    try:
        old = path.stat()
    except FileNotFoundError:
        os.chmod(temporary, 0o666 & ~UMASK)
        return
    os.chmod(temporary, stat.S_IMODE(old.st_mode))
    if hasattr(os, "chown"):
        with contextlib.suppress(PermissionError):  # only root may give a file away
            os.chown(temporary, old.st_uid, old.st_gid)
