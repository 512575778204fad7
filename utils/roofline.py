"""The roofline: how fast this machine can be at all, measured, and where a kernel stands below it.

Source: Williams, Waterman and Patterson, "Roofline", Communications of the ACM 52 (2009).
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from utils import figures, provenance
from utils.kernels.costs import Cost
from utils.timing import fastest, threads_set_to


@dataclass(frozen=True)
class Sizes:
    """What is large enough to measure: bytes a buffer beyond and within the caches, side of a matrix."""

    far: int
    near: int
    side: int


SIZES = {"cpu": Sizes(2**27, 2**20, 1024), "cuda": Sizes(2**30, 2**22, 8192)}
DTYPES = ("float32", "bfloat16", "int8")


@dataclass(frozen=True)
class Machine:
    """Measured limits: ``bandwidth`` ("memory", "cache") in bytes, ``peak`` in operations a second."""

    name: str
    bandwidth: dict[str, float]
    peak: dict[str, float]

    def limit(self, cost: Cost, dtype: str) -> float:
        """Operations a second that memory and arithmetic allow for this cost."""
        return min(self.peak[dtype], self.bandwidth["memory"] * cost.intensity)


@dataclass(frozen=True)
class Point:
    """One kernel: its least work, how long it took, and the type whose peak bounds it (see ``DTYPES``)."""

    name: str
    cost: Cost
    seconds: float
    dtype: str = "float32"

    @property
    def speed(self) -> float:
        """Operations a second."""
        return self.cost.operations / self.seconds


def measure(device: str | torch.device = "cpu", threads: int = 1) -> Machine:
    """Measure the limits of the CPU (on ``threads`` threads) or GPU, once a process, in seconds.

    Bandwidth is the best of copying, adding and summing (as in STREAM, McCalpin 1995; a write counts once).
    Peaks are those of PyTorch's matrix products, the best that a caller of PyTorch can have.
    """
    with threads_set_to(threads):
        return _measure(torch.device(device).type, threads)


@functools.cache
def _measure(device: str, threads: int) -> Machine:
    used = f"{threads} thread" + "s" * (threads > 1)
    name = f"{provenance.cpu_name()}, {used}" if device == "cpu" else provenance.device_name(device)
    sizes = SIZES[device]
    bandwidth = {"memory": _bandwidth(sizes.far, device), "cache": _bandwidth(sizes.near, device)}
    return Machine(name, bandwidth, {dtype: _peak(dtype, sizes.side, device) for dtype in DTYPES})


def draw(points: Sequence[Point], machine: Machine) -> Figure:
    """Log-log figure: a roof for each type that the points use, the roof from cache, and the points."""
    figure, ax = figures.subplots(height=4)
    _draw_roofs(ax, points, machine)
    for point, color, marker in zip(
        points, cycle(figures.COLORS.values()), cycle(figures.MARKERS), strict=False
    ):
        place = (point.cost.intensity, point.speed / 1e9)
        ax.plot(*place, linestyle="", marker=marker, markersize=9, color=color, label=point.name)
    ax.set(xscale="log", yscale="log", xlabel="operations a byte", ylabel="10⁹ operations a second")
    figures.legend(figure, columns=3)
    return figure


def alt_text(points: Sequence[Point], machine: Machine) -> str:
    """What the figure shows, in words and numbers."""
    memory = f"{machine.bandwidth['memory'] / 1e9:.3g} GB/s"
    kernels = "; ".join(_describe(point, machine) for point in points)
    return f"Roofline of {machine.name}. Main memory gives {memory}. {kernels}."


def _describe(point: Point, machine: Machine) -> str:
    share = 100 * point.speed / machine.limit(point.cost, point.dtype)
    return (
        f"{point.name}: {point.cost.intensity:.3g} operations a byte, {point.speed / 1e9:.3g} billion "
        f"operations a second, {share:.0f} % of the roof over main memory"
    )


def _draw_roofs(ax: Axes, points: Sequence[Point], machine: Machine) -> None:
    """Solid lines from main memory up to each peak, a dotted one for data that lie in the cache."""
    dtypes = list(dict.fromkeys(point.dtype for point in points))
    top = max(machine.peak[dtype] for dtype in dtypes)
    marks = [top / machine.bandwidth["memory"], *(point.cost.intensity for point in points)]
    x = np.geomspace(min(marks) / 4, max(marks) * 4, 200)
    line = {"color": "black", "linewidth": 1}
    for dtype in dtypes:
        roof = np.minimum(machine.peak[dtype], machine.bandwidth["memory"] * x) / 1e9
        ax.plot(x, roof, linestyle="-", **line)
        ax.text(x[-1], roof[-1], f"{dtype} peak", ha="right", va="bottom")
    ax.plot(
        x, np.minimum(top, machine.bandwidth["cache"] * x) / 1e9, linestyle=":", label="from cache", **line
    )


def _bandwidth(size: int, device: str) -> float:
    """Bytes a second that the best of copy, triad and sum moves over buffers of ``size`` bytes."""
    a, b, c = (torch.ones(size // 4, device=device) for _ in range(3))
    moved = {
        2: lambda: a.copy_(b),
        3: lambda: torch.add(b, c, alpha=2.0, out=a),
        1: lambda: b.sum(),
    }
    return max(buffers * size / fastest(function) for buffers, function in moved.items())


def _peak(dtype: str, side: int, device: str) -> float:
    """Operations a second of a square matrix product, in the layout that suits the machine better."""
    kind = getattr(torch, dtype)
    a = torch.ones(side, side, dtype=kind, device=device)
    product = torch._int_mm if kind == torch.int8 else torch.mm
    return 2 * side**3 / min(fastest(lambda: product(a, a)), fastest(lambda: product(a, a.T)))
