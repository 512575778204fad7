"""What must be true of a machine before anything is installed on it: a sentence for each thing that is not.

Only the standard library is used, in words that Python 3.8 can read: this runs before anything is installed,
and by the very Python that may be the wrong one.
"""

import importlib
import os
import platform
import shutil
import sys
import sysconfig
from pathlib import Path

OLDEST, NEWEST = (3, 11), (3, 14)  # the Pythons for which every pinned package has a wheel
MACHINES = {"linux": ("x86_64", "aarch64"), "darwin": ("arm64",), "win32": ("amd64",)}
GLIBC = (2, 28)  # what the wheels are built for (manylinux_2_28)
DISK = 2.5  # GiB: the packages, and what pip unpacks on the way
DISK_CUDA = 9  # GiB: the same with CUDA's libraries


def refusals(folder: Path, cuda: bool = False) -> list:
    """Every reason why the book cannot be installed in ``folder`` on this machine, as sentences."""
    room = DISK_CUDA if cuda else DISK
    found = [
        python(),
        bits(),
        system(),
        c_library(),
        venv(),
        path(folder),
        writable(folder),
        disk(folder, room),
    ]
    return [sentence for sentence in found if sentence]


def python(
    version: tuple = sys.version_info[:2], name: str = sys.implementation.name, gil: object = None
) -> str:
    """Whether this Python is one that the pinned packages are built for."""
    without_gil = sysconfig.get_config_var("Py_GIL_DISABLED") if gil is None else not gil
    kind = name if name != "cpython" else "Python without the GIL" if without_gil else ""
    if OLDEST <= version <= NEWEST and not kind:
        return ""
    here = kind or "Python {}.{}".format(*version)
    wanted = "{}.{} to {}.{}".format(*OLDEST, *NEWEST)
    return (
        f"{here} has no ready-made PyTorch: Python {wanted} is needed. Install one (apt install python3, "
        "brew install python@3.13, python.org) and name it: make PYTHON=/path/to/python3 lab."
    )


def bits(size: int = sys.maxsize) -> str:
    """Whether this Python is a 64-bit one."""
    return (
        "" if size > 2**32 else "this Python is a 32-bit one: install a 64-bit Python (PyTorch has no other)."
    )


def system(name: str = sys.platform, machine: str = platform.machine()) -> str:
    """Whether PyTorch and Numba are built for this operating system and processor."""
    if machine.lower() in MACHINES.get(name, ()):
        return ""
    if name == "darwin":
        return (
            "PyTorch is no longer built for Intel Macs: on Apple silicon install Python for arm64; on an "
            "Intel Mac read the book on its website, or run it in a container or on a Linux machine."
        )
    return (
        f"PyTorch and Numba are not built for {machine} on {name}: Linux (x86_64, aarch64), macOS on Apple "
        "silicon and Windows (AMD64) are supported."
    )


def c_library(triple: object = None, version: object = None) -> str:
    """Whether a Linux has the C library that wheels are built for."""
    if not sys.platform.startswith("linux") and triple is None:
        return ""
    triple = triple or sysconfig.get_config_var("HOST_GNU_TYPE") or ""
    name, number = platform.libc_ver() if version is None else ("glibc", version)
    if "musl" in triple:
        return (
            "PyTorch is not built for musl (Alpine): use a Linux with glibc, such as the image python:3.13."
        )
    found = tuple(int(part) for part in number.split(".")[:2] if part.isdigit())
    if name == "glibc" and found and found < GLIBC:
        wanted = "{}.{}".format(*GLIBC)
        return f"this Linux is too old: glibc {number}, {wanted} is needed; update it, or use a container."
    return ""


def venv() -> str:
    """Whether this Python can make virtual environments."""
    try:
        for module in ("venv", "ensurepip"):
            importlib.import_module(module)
    except ImportError:
        return f"'{sys.executable}' comes without venv: install it (apt install python3-venv) and call again."
    return ""


def path(folder: Path) -> str:
    """Whether a virtual environment may lie below ``folder``; blanks and letters of any language may."""
    if os.pathsep in str(folder):
        return (
            f"'{folder}' has a '{os.pathsep}' in its name, which no environment can have: rename the folder."
        )
    return ""


def writable(folder: Path) -> str:
    """Whether ``folder`` can be written by this user."""
    if os.access(folder, os.W_OK):
        return ""
    return f"'{folder}' cannot be written: clone or copy the book to a folder of your own, and call there."


def disk(folder: Path, wanted: float = DISK) -> str:
    """Whether ``folder`` has room for the packages; a quota shows only when it is met."""
    free = shutil.disk_usage(folder).free / 2**30
    if free >= wanted:
        return ""
    return f"{free:.1f} GiB are free in '{folder}' and {wanted:g} are needed: free some space and call again."


def has_gpu() -> bool:
    """Whether an NVIDIA GPU is to be seen, also from within Windows' Linux (WSL)."""
    signs = ("/proc/driver/nvidia/version", "/dev/nvidiactl", "/usr/lib/wsl/lib/libcuda.so.1")
    return shutil.which("nvidia-smi") is not None or any(os.path.exists(sign) for sign in signs)
