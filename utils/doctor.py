"""What ``frugal doctor`` looks at: is all here that the book needs, and if not, what to do about it."""

import importlib
import os
import platform
import shutil
import sys
import tomllib
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil
from packaging.requirements import Requirement

from utils.data import cache
from utils.errors import FrugalError
from utils.paths import ROOT
from utils.site.browser import path as chromium_path

MEMORY = 4  # GiB: JupyterLab, a kernel within its 2 GiB, the system
DISK = 2  # GiB: executed notebooks, the built site, the data sets of the first chapters
INSTALL = "call `make test` or `make lab`, which install the pins"


@dataclass(frozen=True)
class Finding:
    """One line of the report: no ``remedy`` where all is well; what is not ``needed`` may be missing."""

    name: str
    text: str
    remedy: str = ""
    needed: bool = True

    @property
    def ok(self) -> bool:
        return not self.remedy


def examine() -> list[Finding]:
    """Everything, in the order of the report."""
    found = [
        python(),
        *dependencies(),
        torch(),
        triton(),
        gpu(),
        cores(),
        memory(),
        disk(),
        data(),
        browser(),
    ]
    return found


def python() -> Finding:
    remedy = "" if sys.version_info >= (3, 11) else "install Python 3.11 or newer, remove .venv, call again"
    return Finding("Python", platform.python_version(), remedy)


def dependencies(root: Path = ROOT) -> list[Finding]:
    """Each dependency of ``pyproject.toml`` that applies to this machine; its extras are not needed."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [text for extra in project["optional-dependencies"].values() for text in extra]
    wanted = [(Requirement(text), True) for text in project["dependencies"]]
    wanted += [(Requirement(text), False) for text in extras]
    return [_dependency(r, needed) for r, needed in wanted if r.marker is None or r.marker.evaluate()]


def _dependency(requirement: Requirement, needed: bool) -> Finding:
    try:
        installed = version(requirement.name)
    except PackageNotFoundError:
        return Finding(requirement.name, "missing", INSTALL, needed)
    ok = requirement.specifier.contains(installed, prereleases=True)
    remedy = "" if ok else f"{requirement.name}{requirement.specifier} is needed: {INSTALL}"
    return Finding(requirement.name, installed, remedy, needed)


def torch() -> Finding:
    problem = _import_problem("torch")
    if problem:
        return Finding(
            "PyTorch works", problem, "remove .venv and call `make lab` again (on Linux TORCH=cpu is smaller)"
        )
    import torch

    return Finding(
        "PyTorch works", f"{torch.get_num_threads()} threads, CUDA {torch.version.cuda or 'not built in'}"
    )


def triton() -> Finding:
    if sys.platform != "linux":
        return Finding(
            "Triton works", f"not made for {sys.platform}: its kernels are left out, the others do"
        )
    problem = _import_problem("triton")
    if problem:
        return Finding("Triton works", problem, INSTALL)
    return Finding("Triton works", "compiles on a GPU, is interpreted in tests without one")


def gpu() -> Finding:
    if _import_problem("torch"):
        return Finding("GPU", "unknown without PyTorch")
    import torch

    if not torch.cuda.is_available():
        return Finding("GPU", "none: everything runs on the CPU, the full profile at reduced length")
    memory = torch.cuda.get_device_properties(0).total_memory
    return Finding("GPU", f"{torch.cuda.get_device_name(0)}, {memory / 2**30:.0f} GiB")


def cores() -> Finding:
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return Finding(
        "Cores",
        str(count),
        "" if count >= 2 else "two cores are assumed: expect twice the time",
        needed=False,
    )


def memory() -> Finding:
    size = psutil.virtual_memory().total / 2**30
    remedy = "" if size >= MEMORY else f"{MEMORY} GiB are assumed: close other programs"
    return Finding("Memory", f"{size:.1f} GiB", remedy, needed=False)


def disk(folder: Path = ROOT) -> Finding:
    free = shutil.disk_usage(folder).free / 2**30
    remedy = "" if free >= DISK else f"free at least {DISK} GiB (`make clean` helps)"
    return Finding("Free disk", f"{free:.1f} GiB", remedy)


def data() -> Finding:
    """Whether the data cache can be used; ``quick`` and ``smoke`` need none of it."""
    prepared, own = cache.prepared(), cache.own()
    existing = next(folder for folder in (own, *own.parents) if folder.exists())
    remedy = ""
    if not os.access(existing, os.W_OK):
        remedy = f"make {existing} writable, or set FRUGAL_DATA to a folder that holds the data"
    if prepared and not prepared.is_dir():
        remedy = "FRUGAL_DATA names no folder: correct or unset it"
    text = f"{prepared}, then {own}" if prepared else str(own)
    return Finding("Data cache", text, remedy, needed=False)


def browser() -> Finding:
    """Chromium, which the tests of the website drive; ``CHROMIUM`` names another one."""
    try:
        found = shutil.which(chromium_path())
    except FrugalError:
        found = None
    remedy = (
        "" if found else "only tests of the website want it: install chromium, or set CHROMIUM to its path"
    )
    return Finding("Chromium", found or "none", remedy, needed=False)


def _import_problem(module: str) -> str:
    """Why a module cannot be imported, in one line; empty where it can."""
    try:
        importlib.import_module(module)
    except Exception as error:  # a broken binary package may raise anything
        return f"import fails: {error}".splitlines()[0]
    return ""
