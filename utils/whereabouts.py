"""What ``frugal doctor`` says about places: where the book lies, and what can be written where."""

import os
import shutil
import sys
from pathlib import Path

from utils.finding import Finding
from utils.install.environment import Environment
from utils.install.machine import DISK, DISK_CUDA
from utils.paths import BUILD, IS_CHECKOUT, PACKAGE, ROOT, WORKSPACE
from utils.surroundings import can_write, home, refuge

FREE = 2  # GiB: executed notebooks, the built site, the data sets of the first chapters


def examine() -> list[Finding]:
    """Everything, in the order of the report."""
    return [book(), environment(), home_folder(), *map(folder, (WORKSPACE, BUILD)), disk(), names()]


def book() -> Finding:
    """Which copy of the book speaks: another one may hide the one that is meant."""
    kind = "checkout" if IS_CHECKOUT else "installation, your files in"
    remedy, hidden = "", os.environ.get("PYTHONPATH", "")
    if hidden and any((Path(entry) / "utils").resolve() == PACKAGE for entry in hidden.split(os.pathsep)):
        remedy = "PYTHONPATH names this copy, whatever environment is active: unset it if you mean another"
    return Finding("The book", f"{kind} {ROOT}", remedy, needed=False)


def environment(root: Path = ROOT) -> Finding:
    """Whether ``.venv`` belongs to this folder, and whether this Python is the one in it."""
    own = Environment(root)
    if not (IS_CHECKOUT and own.folder.is_dir()):
        return Finding("Environment", sys.prefix)
    if own.moved():
        return Finding(
            "Environment", "made for another folder", "this folder was moved or copied: call `make lab`"
        )
    inside = Path(sys.prefix).resolve() == own.folder.resolve()
    remedy = "" if inside else f"this is another environment than {own.folder}: call {own.folder}/bin/frugal"
    return Finding("Environment", sys.prefix, remedy, needed=False)


def home_folder() -> Finding:
    """Whether the home can be written, and what stands in for it."""
    try:
        stand_in = refuge()
    except OSError as error:
        return Finding("Home", str(home()), f"neither it nor {error.filename} can be written: set TMPDIR")
    remedy = f"it cannot be written (read-only, full, missing): {stand_in} stands in and does not last"
    return Finding("Home", str(home()), remedy if stand_in else "", needed=False)


def folder(path: Path) -> Finding:
    """Whether a folder, or where it would be made, can be written."""
    existing = next(place for place in (path, *path.parents) if place.exists())
    ok = existing.is_dir() and can_write(existing)
    remedy = (
        "" if ok else f"{existing} cannot be written: make room, or set FRUGAL_WORKSPACE to a folder of yours"
    )
    return Finding(path.name.strip("_").capitalize(), str(path), remedy)


def disk(path: Path = ROOT) -> Finding:
    """Room for what a reader makes; an installation from nothing wants more."""
    existing = next(place for place in (path, *path.parents) if place.exists())
    free = shutil.disk_usage(existing).free / 2**30
    remedy = "" if free >= FREE else f"free at least {FREE} GiB (`make clean` helps)"
    text = f"{free:.1f} GiB (a new environment takes {DISK:g}, with CUDA {DISK_CUDA:g})"
    return Finding("Free disk", text, remedy)


def names(workspace: Path = WORKSPACE) -> Finding:
    """Files of the reader's that hide the book's package from editors other than ours."""
    taken = [str(path) for path in workspace.glob("**/utils.py")]
    remedy = "rename it: it has the name of the book's package" if taken else ""
    return Finding(
        "Names", ", ".join(taken) or "no file in the workspace hides the package utils", remedy, False
    )
