"""How fast this machine can be at all: bytes and operations per second, measured once a day and kept.

Source: McCalpin, "Memory Bandwidth and Machine Balance in Current High Performance Computers" (STREAM), 1995.
"""

import contextlib
import functools
import json
import math
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import torch

from utils import provenance
from utils.files import write_atomic
from utils.kernels.costs import Cost
from utils.paths import BUILD
from utils.timing import fastest, threads_set_to

KEPT = BUILD / "machine"
KEPT_SECONDS = 86_400  # a machine that was busy then is asked again
DTYPES = ("float32", "bfloat16", "int8")
LEVELS = ("memory", "cache")


@dataclass(frozen=True)
class Sizes:
    """What is large enough to measure: bytes per buffer beyond and within the caches, side of a matrix."""

    far: int
    near: int
    side: int


SIZES = {"cpu": Sizes(2**27, 2**20, 1024), "cuda": Sizes(2**30, 2**22, 8192)}
SMOKE = Sizes(2**25, 2**18, 256)  # no figure is read off a run at smoke


@dataclass(frozen=True)
class Machine:
    """Measured limits per second: ``bandwidth`` ("memory", "cache") in bytes, ``peak`` in operations."""

    name: str
    bandwidth: dict[str, float]
    peak: dict[str, float]

    def limit(self, cost: Cost, dtype: str) -> float:
        """Operations per second that memory and arithmetic allow for this cost."""
        return min(self.peak[dtype], self.bandwidth["memory"] * cost.intensity)


def measure(device: str | torch.device = "cpu", threads: int = 1, anew: bool = False) -> Machine:
    """The limits of the CPU (on ``threads`` threads) or GPU.

    They are measured once a day, which takes some seconds, and kept in ``_build/machine`` for other
    processes; ``anew`` measures in any case. Bandwidth is the best of copying, adding and summing (as in
    STREAM; a write counts once). Peaks are those of PyTorch's matrix products, the best that a caller of
    PyTorch can have.
    """
    kind = torch.device(device).type
    sizes = SMOKE if os.environ.get("FRUGAL_PROFILE") == "smoke" and kind == "cpu" else SIZES[kind]
    return _fresh(kind, threads, sizes) if anew else _known(kind, threads, sizes)


@functools.cache
def _known(device: str, threads: int, sizes: Sizes) -> Machine:
    conditions = {"torch": torch.__version__, "sizes": asdict(sizes), "name": _name(device, threads)}
    path = KEPT / f"{device}.{threads}.{sizes.side}.json"
    if machine := _kept(path, conditions):
        return machine
    machine = _fresh(device, threads, sizes)
    with contextlib.suppress(OSError):  # a folder that cannot be written only costs the next process time
        write_atomic(path, json.dumps(conditions | {"date": time.time()} | asdict(machine), indent=1))
    return machine


def _kept(path: Path, conditions: dict) -> Machine | None:
    """What was measured under the same conditions less than a day ago; a damaged file counts as none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        machine = Machine(found["name"], found["bandwidth"], found["peak"])
        speeds = [machine.bandwidth[level] for level in LEVELS] + [machine.peak[dtype] for dtype in DTYPES]
        same = all(found[name] == value for name, value in conditions.items())
        young = 0 <= time.time() - found["date"] < KEPT_SECONDS
        return machine if same and young and all(0 < speed < math.inf for speed in speeds) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _fresh(device: str, threads: int, sizes: Sizes) -> Machine:
    with threads_set_to(threads):
        bandwidth = {"memory": _bandwidth(sizes.far, device), "cache": _bandwidth(sizes.near, device)}
        peak = {dtype: _peak(dtype, sizes.side, device) for dtype in DTYPES}
    return Machine(_name(device, threads), bandwidth, peak)


def _name(device: str, threads: int) -> str:
    used = f"{threads} thread" + "s" * (threads > 1)
    return f"{provenance.cpu_name()}, {used}" if device == "cpu" else provenance.device_name(device)


def _bandwidth(size: int, device: str) -> float:
    """Bytes per second that the best of copy, triad and sum moves over buffers of ``size`` bytes."""
    a, b, c = (torch.ones(size // 4, device=device) for _ in range(3))
    moved = {
        2: lambda: a.copy_(b),
        3: lambda: torch.add(b, c, alpha=2.0, out=a),
        1: lambda: b.sum(),
    }
    return max(buffers * size / fastest(function) for buffers, function in moved.items())


def _peak(dtype: str, side: int, device: str) -> float:
    """Operations per second of a square matrix product, in the layout that suits the machine better.

    NaN where neither layout can be multiplied: cuBLAS has int8 products of some layouts on some GPUs only.
    """
    kind = getattr(torch, dtype)
    a = torch.ones(side, side, dtype=kind, device=device)
    product = torch._int_mm if kind == torch.int8 else torch.mm
    times = []
    for b in (a.T, a):
        with contextlib.suppress(RuntimeError):
            times.append(fastest(lambda b=b: product(a, b)))
    return 2 * side**3 / min(times, default=math.nan)
