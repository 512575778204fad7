"""Files: written whole or not at all, and read only where they are what they seem."""

import contextlib
import errno
import os
import stat
import tempfile
from pathlib import Path

UMASK = os.umask(0o077)  # it can only be read by setting it
os.umask(UMASK)
# Follow no link, wait for no pipe; Windows has neither flag, and text or binary is told apart there.
SAFE = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
LARGEST = 256 << 20  # bytes; nothing that this project reads back comes near


def write_atomic(path: Path, content: str | bytes) -> None:
    """Write ``content`` to ``path`` through a temporary file in the same folder, then rename it.

    Text is written as UTF-8. Missing folders are created. A file that is there gives its mode and owner to
    the new one; else the process's umask decides.
    A crash at any moment leaves the old file or the new one. Text is written as UTF-8. Missing folders are
    created.

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


def read_regular(path: Path, largest: int = LARGEST) -> bytes:
    """The content of a file that somebody else may have put there; never waits for a pipe to be written to.

    Raises
    ------
    OSError
        when it is missing, is a link, a folder, a pipe or a device, or is larger than ``largest`` bytes.
    """
    handle = os.open(path, os.O_RDONLY | SAFE)
    try:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, "it is no regular file", str(path))
        if found.st_size > largest:
            raise OSError(errno.EFBIG, f"it is larger than {largest >> 20} MiB", str(path))
        with os.fdopen(os.dup(handle), "rb") as file:
            return file.read(largest + 1)
    finally:
        os.close(handle)
