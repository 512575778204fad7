"""Where a figure comes from: machine, versions, commit and date."""

import importlib.metadata
import platform
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

from utils.paths import ROOT

if TYPE_CHECKING:
    import torch  # takes seconds: imported only where a device is asked for

# By LLVM's names, which llvmlite reports.
VECTORS = ("avx2", "avx512f", "avx512bw", "avx512vl", "avx512vnni", "avx512bf16", "amx-int8", "neon", "sve")


def describe(device: "str | torch.device", root: Path = ROOT) -> dict:
    """Device, processor and its instructions, threads, versions, commit, whether it was changed, UTC date.

    What cannot be found out (no git, no Triton on this platform) is None.
    """
    import torch

    return {
        "device": device_name(device),
        "cpu": cpu_name(),
        "threads": torch.get_num_threads(),
        "python": platform.python_version(),
        **{name: _version(name) for name in ("torch", "numpy", "triton")},
        "cuda": torch.version.cuda,
        "driver": _driver(device),
        "platform": platform.platform(),
        "instructions": instructions(),
        "commit": commit(root),
        "dirty": is_dirty(root),
        "date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }


def device_name(device: "str | torch.device") -> str:
    """Either "cpu" or the model of the GPU ("NVIDIA H200")."""
    import torch

    device = torch.device(device)
    return torch.cuda.get_device_name(device) if device.type == "cuda" else device.type


def cpu_name() -> str:
    """The processor's model as the system tells it."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            if line.lower().startswith("model name"):
                return line.split(":", 1)[1].strip()
    model = _output("sysctl", "-n", "machdep.cpu.brand_string") if platform.system() == "Darwin" else None
    return model or platform.processor() or platform.machine()


def instructions() -> str:
    """The processor's family and the vector instructions that kernels use: times compare on the same only."""
    from llvmlite.binding import get_host_cpu_features

    known = get_host_cpu_features()
    return " ".join([platform.machine(), *(name for name in VECTORS if known.get(name))])


def commit(root: Path = ROOT) -> str | None:
    """The commit of the project's own repository; None without one, also inside another repository."""
    return _output("git", "rev-parse", "HEAD", folder=root) if _is_repository(root) else None


def is_dirty(root: Path = ROOT) -> bool | None:
    """Whether the checkout differs from its commit; ``results/`` does not count, since runs write there.

    None where the project is no repository of its own.
    """
    if not _is_repository(root):
        return None
    changes = _output("git", "status", "--porcelain", "--", ".", ":(exclude)results", folder=root)
    return None if changes is None else bool(changes)


def _driver(device: "str | torch.device") -> str | None:
    """Version of the GPU driver when the figures come from a GPU."""
    import torch

    if torch.device(device).type != "cuda":
        return None
    answer = _output("nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader")
    return answer.splitlines()[0] if answer else None


def _is_repository(root: Path) -> bool:
    top = _output("git", "rev-parse", "--show-toplevel", folder=root)
    return top is not None and Path(top).resolve() == root.resolve()


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _output(*command: str, folder: Path = ROOT) -> str | None:
    """What a command prints, or None when it is missing or fails."""
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True, timeout=30)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()
