"""The roofline: the limits of a machine, and where a kernel stands below them.

Source: Williams, Waterman and Patterson, "Roofline", Communications of the ACM 52 (2009).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from utils import figures
from utils.kernels.costs import Cost
from utils.machine import Machine, measure

__all__ = ["Cost", "Machine", "Point", "alt_text", "draw", "measure"]


@dataclass(frozen=True)
class Point:
    """One kernel: its least work, how long it took, and the type (of ``machine.DTYPES``) that bounds it."""

    name: str
    cost: Cost
    seconds: float
    dtype: str = "float32"

    @property
    def speed(self) -> float:
        """Operations a second."""
        return self.cost.operations / self.seconds


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
    dtypes = [dtype for dtype in dict.fromkeys(point.dtype for point in points) if machine.peak[dtype] > 0]
    top = max((machine.peak[dtype] for dtype in dtypes), default=machine.peak["float32"])
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
