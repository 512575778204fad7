"""Figures that every reader can see: light or dark page, color-blind or blind, paper or phone.

Importing this module sets matplotlib's style for the process (a notebook is one process).
"""

from collections.abc import Sequence

import matplotlib
import numpy as np
from cycler import cycler
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from utils import svg
from utils.errors import FrugalError

# Searched so that each stands out at 3:1 on a white and on a dark page, and any two differ for readers with
# protanopia, deuteranopia and tritanopia (tests/test_figures.py computes both).
COLORS = {
    "blue": "#476bb1",
    "orange": "#c1380d",
    "green": "#41a267",
    "purple": "#a64dff",
    "gray": "#746f82",
}
MARKERS = ("o", "s", "^", "D", "v")
DASHES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)))
SHORTEST_ALT = 20  # characters; less cannot say what is to be seen

matplotlib.rcdefaults()  # a reader's own settings (LaTeX for all text, other fonts) are for other figures
matplotlib.rcParams.update(
    {
        "figure.constrained_layout.use": True,
        "font.size": 11,
        "axes.titlesize": 11,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "axes.axisbelow": True,
        # Black turns into the page's text color, so grid lines are faint black rather than gray.
        "grid.color": "black",
        "grid.alpha": 0.15,
        "axes.prop_cycle": cycler(color=list(COLORS.values())) + cycler(linestyle=DASHES),
        "lines.linewidth": 2,
        "legend.frameon": False,
        "svg.fonttype": "path",  # letters as shapes: the same on every machine, mathematics included
        "svg.hashsalt": "frugal",
    }
)


def subplots(
    rows: int = 1, columns: int = 1, width: float = 6.5, height: float = 3.4, **options: object
) -> tuple[Figure, object]:
    """A figure of ``width`` by ``height`` inches and its axes, as ``plt.subplots`` returns them.

    ``options`` go to ``Figure.subplots`` (``sharex``, ``sharey``, ``width_ratios``). The figure is unknown to
    pyplot: nothing is shown before :func:`show`, and nothing stays in memory.
    """
    figure = Figure(figsize=(width, height))
    return figure, figure.subplots(rows, columns, **options)


def error_bars(
    ax: Axes, x: Sequence[float], values: np.ndarray, label: str, color: str | None = None, **options: object
) -> None:
    """Draw the mean over seeds with a bar from the lowest to the highest seed and a tick at every seed.

    ``values`` has shape (seeds, points). Series differ by marker and dashes as well as by color; ``options``
    go to ``Axes.errorbar``.

    Raises
    ------
    FrugalError
        when ``values`` does not have one column for each ``x``.
    """
    values = np.asarray(values, dtype=float)
    if values.ndim != 2 or values.shape[1] != len(x):
        raise FrugalError(f"error_bars needs values of shape (seeds, {len(x)}), got {values.shape}.")
    number = len(ax.containers)
    color = color or list(COLORS.values())[number % len(COLORS)]
    mean = values.mean(axis=0)
    reach = np.stack([mean - values.min(axis=0), values.max(axis=0) - mean])
    style = {
        "marker": MARKERS[number % len(MARKERS)],
        "linestyle": DASHES[number % len(DASHES)],
        "color": color,
        **options,
    }
    ax.errorbar(x, mean, yerr=reach, label=label, **style)
    ax.scatter(np.tile(x, len(values)), values.ravel(), s=50, marker="_", color=color)


def legend(figure: Figure, columns: int = 4) -> None:
    """One legend above all axes, where it hides nothing; a label that several axes use is listed once."""
    entries = {}
    for ax in figure.axes:
        for handle, label in zip(*ax.get_legend_handles_labels(), strict=True):
            entries.setdefault(label, handle)
    figure.legend(entries.values(), entries, loc="outside upper left", ncols=columns)


def show(figure: Figure, alt: str, caption: str = "") -> None:
    """Show a figure as inline SVG with a text alternative and a caption.

    ``alt`` says what a reader who cannot see the figure must know: what is drawn, and what it shows, with
    numbers computed by the caller; its first sentence becomes the title. ``caption`` states what to see.

    Raises
    ------
    FrugalError
        when ``alt`` is shorter than 20 characters.
    """
    alt = " ".join(alt.split())
    if len(alt) < SHORTEST_ALT:
        raise FrugalError("a figure needs a text alternative: say in `alt` what is drawn and what it shows.")
    title, _, rest = alt.partition(". ")
    markup = svg.figure_html(figure, title, rest or alt, caption)
    display({"text/html": markup, "text/plain": f"[figure: {alt}]"}, raw=True)
