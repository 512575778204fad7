"""The plot of all verdicts of a run: effects and intervals in units of each claim's smallest effect."""

from collections.abc import Sequence

from utils import figures
from utils.evidence.judging import Verdict
from utils.evidence.verdict import CONTRADICTED, NOT_SUPPORTED, SUPPORTED

COLOR = {SUPPORTED: "green", CONTRADICTED: "orange", NOT_SUPPORTED: "purple"}
REACH = 10  # an interval further out than this many smallest effects is drawn to the border


def show(verdicts: Sequence[Verdict], title: str = "") -> None:
    """Draw one line per claim that was measured; nothing when none was."""
    drawn = [v for v in verdicts if v.comparison is not None]
    if not drawn:
        return
    figure, ax = figures.subplots(height=0.9 + 0.42 * len(drawn))
    ax.axvspan(-1, 1, color="gray", alpha=0.15, linewidth=0)
    for place, verdict in enumerate(drawn):
        _interval(ax, place, verdict)
    ax.axvline(0, color=figures.COLORS["gray"], linewidth=1, linestyle="-")
    ax.set_yticks(range(len(drawn)), [v.claim.key for v in drawn])
    ax.set(
        ylim=(len(drawn) - 0.4, -0.6),
        xlabel="effect, in units of the smallest that counts (right: as claimed)",
    )
    caption = "Every claim of this run with its 95 % interval; the band is too small to count."
    figures.show(figure, _alt(drawn), f"{title} {caption}".strip())


def _interval(ax: object, place: int, verdict: Verdict) -> None:
    c, unit = verdict.comparison, verdict.claim.smallest
    low, middle, high = (max(-REACH, min(REACH, value / unit)) for value in (c.low, c.effect, c.high))
    color = figures.COLORS[COLOR.get(verdict.word, "gray")]
    ax.plot([low, high], [place, place], color=color, linestyle="-", linewidth=2)
    ax.plot(middle, place, "o", color=color)
    ax.annotate(
        verdict.word, (1.0, place), xycoords=("axes fraction", "data"), ha="right", va="bottom", fontsize=8
    )


def _alt(drawn: Sequence[Verdict]) -> str:
    said = "; ".join(
        f"{v.claim.key} {v.comparison.effect:.3g} {v.claim.metric.unit} "
        f"({v.comparison.low:.3g} to {v.comparison.high:.3g}), {v.word}"
        for v in drawn
    )
    return f"Effects of {len(drawn)} claims with their intervals. {said}."
