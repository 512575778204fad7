"""A user's own folder for an installed book: links to what is shared, room for what the user makes."""

import contextlib
import os
import shutil
from pathlib import Path


def furnish(root: Path, shared: Path, package: Path) -> None:
    """Make ``root`` look like a checkout: each entry of ``shared``, and the package, linked under its name.

    Where links are not allowed (Windows) things are copied, and copied again when the shared ones are newer.
    What cannot be made is left out: who needs it says so.
    """
    with contextlib.suppress(OSError):
        root.mkdir(parents=True, exist_ok=True)
        for source in [*sorted(shared.iterdir()), package]:
            with contextlib.suppress(OSError):
                _link(root / source.name, source)


def _link(link: Path, source: Path) -> None:
    if link.is_symlink():
        if Path(os.readlink(link)) == source:
            return
        link.unlink()  # of an earlier version, or of another environment
    if link.exists() and link.stat().st_mtime >= source.stat().st_mtime:
        return
    try:
        link.symlink_to(source, target_is_directory=source.is_dir())
    except OSError:
        if source.name != "utils":
            copy = shutil.copytree if source.is_dir() else shutil.copy
            copy(source, link, **({"dirs_exist_ok": True} if source.is_dir() else {}))
            os.utime(link)
