"""A home for what libraries write when the user's own home cannot be written (none, read-only, quota full).

Jupyter, IPython, matplotlib and Numba keep connection files, histories and caches at home, and fail or
complain where they cannot. They get a private folder below the temporary one; what the user has set stays.
"""

from __future__ import annotations  # read by older Pythons, to be told that they are too old

import contextlib
import os
import stat
import tempfile
from functools import lru_cache
from pathlib import Path

# Variable, to the folder below the refuge that it gets.
NEEDED = {
    "JUPYTER_DATA_DIR": "jupyter/data",
    "JUPYTER_RUNTIME_DIR": "jupyter/runtime",
    "JUPYTER_CONFIG_DIR": "jupyter/config",
    "IPYTHONDIR": "ipython",
    "MPLCONFIGDIR": "matplotlib",
    "NUMBA_CACHE_DIR": "numba",
    "XDG_CACHE_HOME": "cache",
}


@lru_cache(maxsize=None)  # noqa: UP033  (the older name is what older Pythons have)
def refuge() -> Path | None:
    """The private folder, made when first asked for; None where the user's home can be written.

    Raises
    ------
    OSError
        when neither the home nor the temporary folder can be written, or somebody else owns the folder.
    """
    if can_write(home()):
        return None
    folder = Path(tempfile.gettempdir()) / f"frugal-{_user()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or (hasattr(os, "getuid") and found.st_uid != os.getuid()):
        raise PermissionError(
            13, "it belongs to somebody else; set TMPDIR to a folder of your own", str(folder)
        )
    return folder


def settle(environment: dict = os.environ) -> None:
    """Point the libraries to the refuge, here and in processes to come. Call before importing them."""
    with contextlib.suppress(OSError):
        folder = refuge()
        for variable, name in NEEDED.items() if folder else ():
            environment.setdefault(variable, str(folder / name))
            (folder / name).mkdir(parents=True, exist_ok=True)


def home() -> Path | None:
    """The user's home, None where the system knows of none."""
    try:
        return Path.home()
    except RuntimeError:
        return None


def can_write(folder: Path | None) -> bool:
    """Whether a small file can really be written there: permissions do not tell of a full quota."""
    if folder is None:
        return False
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x" * 4096)
            file.flush()
        return True
    except OSError:
        return False


def _user() -> str:
    return str(os.getuid()) if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")
