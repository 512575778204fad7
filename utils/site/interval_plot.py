"""The interval of one claim as a small SVG, in units of the smallest effect that counts."""

import math

from utils.evidence.table import effect_text
from utils.evidence.verdict import (
    CANNOT_TELL,
    CONTRADICTED,
    FAILS,
    HOLDS,
    NOT_SUPPORTED,
    SUPPORTED,
    UNDECIDED,
)

WIDTH, HEIGHT, REACH = 180, 22, 20  # an effect beyond REACH smallest effects stands at the border
MIDDLE, RADIUS = HEIGHT / 2, 5
# A verdict is told by the shape of its mark, not by its color alone; paths around (0, 0).
CIRCLE = f"M-{RADIUS} 0a{RADIUS} {RADIUS} 0 1 0 {2 * RADIUS} 0a{RADIUS} {RADIUS} 0 1 0 -{2 * RADIUS} 0Z"
SHAPES = {
    SUPPORTED: CIRCLE,
    UNDECIDED: CIRCLE,
    CONTRADICTED: "M-5 -5L5 5M-5 5L5 -5",
    NOT_SUPPORTED: "M0 -6L6 0L0 6L-6 0Z",
    CANNOT_TELL: "M-5 -5H5V5H-5Z",
    HOLDS: "M0 -6L6 5H-6Z",
    FAILS: "M0 6L6 -5H-6Z",
}


def word_class(word: str) -> str:
    """The class under which the style sheet knows a verdict: ``word-not-supported``."""
    return "word-" + word.replace(" ", "-")


def place(value: float) -> float:
    """Where a value stands on the axis, in pixels; nearly linear up to the smallest effect, then logarithmic.

    Parameters
    ----------
    value : in units of the smallest effect that counts; positive in the claim's direction.
    """
    bounded = max(-REACH, min(REACH, value))
    margin = WIDTH / 2 - RADIUS - 1
    return WIDTH / 2 + margin * math.asinh(bounded) / math.asinh(REACH)


def draw(claim: dict) -> str:
    """The plot of a measured claim: band too small to count, zero, interval, effect."""
    low, high, effect = (place(v / claim["smallest"]) for v in (*claim["interval"], claim["effect"]))
    left, right = place(-1), place(1)
    return (
        f'<svg class="claim-plot {word_class(claim["verdict"])}" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{effect_text(claim)}">'
        f'<rect class="band" x="{left:.1f}" width="{right - left:.1f}" height="{HEIGHT}"/>'
        f'<path class="axis" d="M0 {MIDDLE}H{WIDTH}"/>'
        f'<path class="zero" d="M{WIDTH / 2} 0V{HEIGHT}"/>'
        f'<path class="interval" d="M{low:.1f} {MIDDLE}H{high:.1f}"/>'
        f"{mark(claim['verdict'], effect)}</svg>"
    )


def mark(word: str, x: float = RADIUS + 1) -> str:
    """The mark of a verdict, centered at ``x``."""
    return f'<path class="mark" transform="translate({x:.1f} {MIDDLE})" d="{SHAPES[word]}"/>'


def key(word: str) -> str:
    """The mark alone, for a legend or beside a word."""
    size = 2 * RADIUS + 2
    return (
        f'<svg class="claim-key {word_class(word)}" viewBox="0 0 {size} {HEIGHT}" aria-hidden="true">'
        f"{mark(word)}</svg>"
    )
