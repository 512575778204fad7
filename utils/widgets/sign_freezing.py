"""Chapter 12: how many signs flip depends on how close to zero the latents start."""

import math

import numpy as np

from utils.errors import FrugalError
from utils.widgets.base import Widget
from utils.widgets.controls import Slider
from utils.widgets.samples import even_pairs

LATENTS = 1024
NARROWEST, WIDEST = 0.0001, 1  # starts that the picture shows


def compute(sigma: float, step: float, steps: float) -> dict:
    """Share of latents whose sign differs after a random walk, in closed form and counted.

    A latent starts from a Gaussian of standard deviation ``sigma`` and takes ``steps`` steps of size ``step``
    and random sign, so start and end are jointly Gaussian and the signs differ with probability
    ``arctan(step * sqrt(steps) / sigma) / pi`` (orthant probability, Sheppard 1899).

    Returns ``share``, ``counted`` over the pairs ``starts`` and ``ends`` (``LATENTS`` each), ``walk`` (the
    standard deviation of the movement) and ``half``, the steps after which half of the possible flips have
    happened.
    """
    if not (sigma > 0 and step > 0 and steps > 0 and math.isfinite(sigma + step + steps)):
        raise FrugalError("sigma, step and steps must be positive numbers.")
    walk = step * math.sqrt(steps)
    pairs = even_pairs(LATENTS)
    starts, ends = sigma * pairs[:, 0], sigma * pairs[:, 0] + walk * pairs[:, 1]
    return {
        "share": math.atan2(walk, sigma) / math.pi,
        "counted": float(np.mean((starts < 0) != (ends < 0))),
        "walk": walk,
        "half": (sigma / step) ** 2,
        "starts": starts,
        "ends": ends,
    }


class SignFreezing(Widget):
    """Share of flipped signs against the spread of the start; the latents before and after the walk."""

    summary = (
        "Two plots: the share of signs that flip during training against the spread of the latent weights at "
        "the start, and each latent before and after its random walk. Choose the spread, the size of a step "
        "and the number of steps."
    )
    sigma = Slider(0.1, "Standard deviation at the start", NARROWEST, WIDEST, log=True)
    step = Slider(0.001, "Size of a step", 0.0001, 0.1, log=True)
    steps = Slider(1000, "Steps", 10, 100_000, log=True, format="integer")
    compute = staticmethod(compute)
