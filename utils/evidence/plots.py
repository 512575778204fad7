"""Plots of measured values, the same in a notebook and on a page: arms with intervals, series over x."""

import textwrap
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator
from scipy import stats

from utils import figures
from utils.errors import FrugalError
from utils.evidence.verdict import CONFIDENCE

LINE = 30  # letters of a y label that stand beside an axis of 2.5 inches
ROLES = {"method": ("blue", "o"), "rival": ("orange", "s"), "control": ("green", "^"), "power": ("gray", "D")}
NAME_SIZE, NAME_HEIGHT, NAME_WIDTH = 9, 12, 90  # of a line's name, in points


def arms_figure(results: dict, metric: str, task: str, over: str, width: float) -> tuple[Figure, str]:
    """The arms that have a metric: one line each, or curves over a quantity of their budgets.

    Parameters
    ----------
    results : dict
        A chapter's results.
    metric, task : str
        What is shown, of which experiment.
    over : str
        A quantity that was spent (bytes, steps): arms of one ``curve`` are joined over it, and where arms
        have curves the others are left out. Empty for lines.
    width : float
        Inches.

    Returns
    -------
    Figure, str
        The figure, and its text alternative with every mean and interval.

    Raises
    ------
    FrugalError
        When no arm has the metric, or none was given the quantity.
    """
    arms = [a for a in results["arms"].values() if a["task"] == task and metric in a["metrics"]]
    arms = [arm for arm in arms if not over or over in arm["spent"]]
    arms = [arm for arm in arms if over and arm["curve"]] or arms
    if not arms:
        has = ", ".join(sorted({name for arm in results["arms"].values() for name in arm["metrics"]}))
        raise FrugalError(
            f"no arm of {results['chapter']} has '{metric}'{over and f' over {over}'}; there is: {has}."
        )
    unit = arms[0]["metrics"][metric]["unit"]
    label = f"{metric} ({unit})" if unit else metric
    means = "; ".join(f"{arm['name']} {_text(*interval(arm['metrics'][metric]['values']))}" for arm in arms)
    alt = f"{label} of {len(arms)} arms{over and f' over {over}'}. Means and 95 % intervals: {means}."
    if not over:
        return _lines(arms, metric, label, width), alt
    lines = {
        name: ([arm["spent"][over] for arm in group], [arm["metrics"][metric]["values"] for arm in group])
        for name, group in _grouped(arms, over).items()
    }
    return _curves(lines, over.replace("_", " "), label, "x", width), alt


def series_figure(series: dict, width: float) -> tuple[Figure, str]:
    """Lines over a quantity that the experiment varied, one value per seed at each point.

    Parameters
    ----------
    series : dict
        As :meth:`utils.study.Study.series` keeps it.
    width : float
        Inches.
    """
    lines = {line["label"]: (line["x"], list(zip(*line["values"], strict=True))) for line in series["lines"]}
    figure = _curves(lines, series["xlabel"], series["ylabel"], series["log"], width)
    said = "; ".join(
        f"{label}: " + ", ".join(f"{interval(v)[0]:.3g} at {at:g}" for at, v in zip(x, values, strict=True))
        for label, (x, values) in lines.items()
    )
    return figure, f"{series['ylabel']} over {series['xlabel']}. Means over seeds: {said}."


def interval(values: Sequence[float]) -> tuple[float, float, float]:
    """Mean over seeds with the ends of Student's 95 % interval."""
    values = np.asarray(values, dtype=float)
    mean = float(values.mean())
    if len(values) < 2:
        return mean, mean, mean
    reach = stats.t.ppf((1 + CONFIDENCE) / 2, len(values) - 1) * values.std(ddof=1) / len(values) ** 0.5
    return mean, mean - float(reach), mean + float(reach)


def _lines(arms: Sequence[dict], metric: str, label: str, width: float) -> Figure:
    """One line per arm; color and mark say its role."""
    figure, ax = figures.subplots(width=width, height=0.8 + 0.34 * len(arms))
    for place, arm in enumerate(arms):
        values = arm["metrics"][metric]["values"]
        mean, low, high = interval(values)
        color, mark = ROLES[arm["role"]]
        ax.plot(values, [place] * len(values), "|", color=figures.COLORS[color], alpha=0.6)
        ax.plot([low, high], [place, place], "-", color=figures.COLORS[color])
        ax.plot(mean, place, mark, color=figures.COLORS[color])
    ax.set_yticks(range(len(arms)), [f"{arm['name']} ({arm['role']})" for arm in arms])
    ax.set(ylim=(len(arms) - 0.5, -0.5), xlabel=label)
    return figure


def _curves(lines: Mapping[str, tuple], xlabel: str, ylabel: str, log: str, width: float) -> Figure:
    """Curves of means with their intervals, each named at its end; ``lines`` hold x and values per point."""
    figure, ax = figures.subplots(width=width)
    ends = {}
    for number, (name, (x, values)) in enumerate(lines.items()):
        mean, low, high = np.array([interval(point) for point in values]).T
        color = list(figures.COLORS.values())[number % len(figures.COLORS)]
        style = {"marker": figures.MARKERS[number % len(figures.MARKERS)], "color": color}
        dashes = figures.DASHES[number % len(figures.DASHES)]
        ax.errorbar(x, mean, yerr=[mean - low, high - mean], linestyle=dashes, **style)
        ends[name] = (x[-1], mean[-1]), color
    ax.set(xlabel=xlabel, ylabel=textwrap.fill(ylabel, LINE), **{f"{axis}scale": "log" for axis in log})
    for axis in log:
        _plain_ticks(ax.xaxis if axis == "x" else ax.yaxis)
    _name_ends(ax, ends)
    return figure


def _name_ends(ax: Axes, ends: Mapping[str, tuple]) -> None:
    """Write each line's name at its end, from the lowest up; one that would lie on another goes above it."""
    points = {name: ax.transData.transform(end) * 72 / ax.figure.dpi for name, (end, _) in ends.items()}
    taken: list[tuple[float, float]] = []
    for name, (x, y) in sorted(points.items(), key=lambda item: item[1][1]):
        free = max([y, *(other + NAME_HEIGHT for left, other in taken if abs(left - x) < NAME_WIDTH)])
        taken.append((x, free))
        end, color = ends[name]
        offset = (4, 4 + free - y)
        ax.annotate(name, end, offset, textcoords="offset points", color=color, fontsize=NAME_SIZE)


def _plain_ticks(axis: Axis) -> None:
    """Plain numbers on a logarithmic axis of less than two decades: 200, 500, 1,000."""
    low, high = axis.get_view_interval()
    if high < 100 * low:
        axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}"))
        axis.set_minor_locator(NullLocator())


def _grouped(arms: Sequence[dict], over: str) -> Mapping[str, list[dict]]:
    """The arms of each curve in the order of the quantity."""
    groups: dict[str, list[dict]] = {}
    for arm in sorted(arms, key=lambda arm: arm["spent"][over]):
        groups.setdefault(arm["curve"] or arm["name"], []).append(arm)
    return groups


def _text(mean: float, low: float, high: float) -> str:
    return f"{mean:.3g} ({low:.3g} to {high:.3g})"
