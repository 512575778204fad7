"""Chapter 12: levels that are powers of two against levels at equal distances."""

import math

import numpy as np

from utils.errors import FrugalError
from utils.widgets.base import Widget
from utils.widgets.controls import Choice, Slider
from utils.widgets.samples import even_sample

SAMPLES = 1024
REACHES = 0.25 * 1.08 ** np.arange(49)  # where the best largest level is looked for, in standard deviations
LAWS = {"gaussian": "Gaussian", "laplace": "heavy-tailed (Laplace)"}
FAMILIES = {"powers": "powers of two, no zero", "zero": "powers of two and zero"}


def positive_levels(family: str, bits: int) -> np.ndarray:
    """The non-negative levels, ascending, scaled so that the largest is 1; their negatives belong to them.

    "powers": 1, 2, 4, ... without zero (DenseShift); "zero": 0, 1, 2, ... with one power less;
    "uniform": odd multiples of half a distance, without zero. All take ``bits`` bits per weight.
    """
    count = 2 ** (bits - 1)
    if family == "uniform":
        return (2 * np.arange(count) + 1) / (2 * count - 1)
    powers = 2.0 ** np.arange(count)
    levels = powers if family == "powers" else np.append(0.0, powers[:-1])
    return levels / levels[-1]


def error(size: np.ndarray, levels: np.ndarray) -> float:
    """Relative squared error of rounding |weights| to the nearest level."""
    borders = (levels[1:] + levels[:-1]) / 2
    nearest = levels[np.searchsorted(borders, size)]
    return float(np.sum((size - nearest) ** 2) / np.sum(size**2))


def compute(law: str, family: str, bits: int, reach: float) -> dict:
    """Error of a family of levels and of uniform ones, the largest level at ``reach`` standard deviations.

    Returns ``error``, ``uniform`` and, over ``REACHES``, their smallest values ``best`` and ``best_uniform``
    with the curves ``errors`` and ``uniforms``; ``levels`` are the family's own, in standard deviations.
    """
    if not (math.isfinite(reach) and reach > 0):
        raise FrugalError("the largest level must be a positive number of standard deviations.")
    size = np.abs(even_sample(law, SAMPLES))
    ours, even = positive_levels(family, bits), positive_levels("uniform", bits)
    errors = [error(size, ours * at) for at in REACHES]
    uniforms = [error(size, even * at) for at in REACHES]
    return {
        "error": error(size, ours * reach),
        "uniform": error(size, even * reach),
        "best": min(errors),
        "best_uniform": min(uniforms),
        "errors": errors,
        "uniforms": uniforms,
        "levels": ours * reach,
    }


class ShiftLevels(Widget):
    """Two rulers of levels under the weights they must represent, and the error of each against its reach."""

    summary = (
        "Two plots: the levels that a weight can take, powers of two and equally spaced ones, under the "
        "distribution of the weights; and the error of both against the largest level. Choose the "
        "distribution, the levels, the bits and the largest level."
    )
    law = Choice("gaussian", "Weights", LAWS)
    family = Choice("powers", "Levels", FAMILIES)
    bits = Slider(3, "Bits", values=[2, 3, 4, 5])
    reach = Slider(2, "Largest level, in standard deviations", REACHES[0], 8, log=True)
    compute = staticmethod(compute)
