"""What ``frugal doctor`` looks at: is all here that the book needs, and if not, what to do about it."""

import importlib
import os
import platform
import re
import shutil
import sys
from importlib.metadata import PackageNotFoundError, requires, version

from packaging.requirements import Requirement

from utils import limits, whereabouts
from utils.data import cache
from utils.errors import FrugalError
from utils.finding import Finding
from utils.install import machine
from utils.site.browser import path as chromium_path
from utils.surroundings import can_write

MEMORY = 4  # GiB: JupyterLab, a kernel within its 2 GiB, the system
PACKAGE = "frugal-deep-learning"
INSTALL = "call `make lab` again, which completes the environment"
# Extras are installed by the command that wants them.
WANTED_BY = {"site": "make site", "browser": "make pdf", "bench": "make bench", "gpu": "make gpu"}


def examine() -> list[Finding]:
    """Everything, in the order of the report."""
    found = [
        python(),
        system(),
        *whereabouts.examine(),
        *dependencies(),
        torch(),
        triton(),
        gpu(),
        cores(),
        memory(),
        data(),
        pip_settings(),
        git(),
        browser(),
    ]
    return found


def python() -> Finding:
    """Which Python runs, and on which machine."""
    return Finding("Python", platform.python_version(), machine.python())


def system() -> Finding:
    """Operating system, processor, C library."""
    problem = machine.bits() or machine.system() or machine.c_library()
    return Finding("System", f"{platform.system()} {platform.machine()}", problem)


def dependencies(texts: list[str] | None = None) -> list[Finding]:
    """Each dependency of the package that applies to this machine; those of extras are not needed."""
    found = {}
    for requirement in map(Requirement, requires(PACKAGE) if texts is None else texts):
        extra = re.search(r"extra == ['\"](\w+)", str(requirement.marker or ""))
        applies = requirement.marker is None or requirement.marker.evaluate(
            {"extra": extra[1] if extra else ""}
        )
        if applies and requirement.name != PACKAGE:
            remedy = f"call `{WANTED_BY.get(extra[1], 'make test')}`, which installs it" if extra else INSTALL
            found.setdefault(requirement.name, _dependency(requirement, not extra, remedy))
    return list(found.values())


def _dependency(requirement: Requirement, needed: bool, remedy: str) -> Finding:
    try:
        installed = version(requirement.name)
    except PackageNotFoundError:
        return Finding(requirement.name, "missing", remedy, needed)
    ok = requirement.specifier.contains(installed, prereleases=True)
    remedy = "" if ok else f"{requirement.name}{requirement.specifier} is needed: {remedy}"
    return Finding(requirement.name, installed, remedy, needed)


def torch() -> Finding:
    """Whether PyTorch can be imported, and for which device it was built."""
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
    """Triton is needed on a GPU only; its first launch there calls a C compiler."""
    if sys.platform != "linux":
        return Finding("Triton", f"not made for {sys.platform}: its kernels are left out, the others do")
    problem, has_gpu = _import_problem("triton"), machine.has_gpu()
    if problem and not has_gpu:
        return Finding("Triton", "not installed: only a GPU and the tests want it (`make test` installs it)")
    compiler = os.environ.get("CC") or next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)
    remedy = "call `make gpu`, which installs it" if problem else ""
    if has_gpu and not problem and not compiler:
        remedy = "its first launch on a GPU calls a C compiler: install one (apt install gcc), or set CC"
    return Finding("Triton", problem or f"works; C compiler: {compiler or 'none'}", remedy, has_gpu)


def gpu() -> Finding:
    """Which GPU PyTorch can use, if any."""
    if _import_problem("torch"):
        return Finding("GPU", "unknown without PyTorch")
    import torch

    if not torch.cuda.is_available():
        return Finding("GPU", "none: everything runs on the CPU, the full profile at reduced length")
    memory = torch.cuda.get_device_properties(0).total_memory
    return Finding("GPU", f"{torch.cuda.get_device_name(0)}, {memory / 2**30:.0f} GiB")


def cores() -> Finding:
    """How many cores this process may use."""
    count = limits.cores()
    remedy = "" if count >= 2 else "two cores are assumed: expect twice the time"
    return Finding("Cores", f"{count} (of {os.cpu_count()} in the machine)", remedy, needed=False)


def memory() -> Finding:
    """How much memory this process may use."""
    size = limits.memory() / 2**30
    remedy = "" if size >= MEMORY else f"{MEMORY} GiB are assumed: close other programs, or ask for more"
    return Finding("Memory", f"{size:.1f} GiB", remedy, needed=False)


def pip_settings() -> Finding:
    """Settings that lead packages out of environments: `make` cancels them, pip itself does not."""
    astray = [name for name in ("PIP_USER", "PIP_TARGET", "PIP_PREFIX") if os.environ.get(name)]
    remedy = f"unset {', '.join(astray)} before you call pip yourself" if astray else ""
    return Finding("Settings of pip", ", ".join(astray) or "none that lead elsewhere", remedy, needed=False)


def git() -> Finding:
    """Whether git is there."""
    found = shutil.which("git")
    remedy = "" if found else "only updates (`git pull`) and the commit in results want it: install git"
    return Finding("git", found or "none", remedy, needed=False)


def data() -> Finding:
    """Whether the data cache can be used; ``quick`` and ``smoke`` need none of it."""
    prepared, own = cache.prepared(), cache.own()
    existing = next(folder for folder in (own, *own.parents) if folder.exists())
    remedy = ""
    if not can_write(existing):
        remedy = f"make {existing} writable, or set FRUGAL_DATA to a folder that holds the data"
    if prepared and not os.path.isdir(prepared):
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
