"""Chapter 12: four latents make one weight of three bits; which of them learn, and which one flips first."""

import math

from utils.errors import FrugalError
from utils.widgets.base import Widget
from utils.widgets.controls import Choice, Slider

SWITCHES = 3  # of a weight with three bits
REACH = 1.0  # of the latents


def compute(
    sign: float, first: float, second: float, third: float, gradient: str, wanted: str, rate: float
) -> dict:
    """The weight that four latents make, and what one latent after the other gets of a gradient.

    Returns
    -------
    dict
        ``counts`` after each switch, ``exponent``, ``weight``; ``gradients`` of the weight to sign, first,
        second and third latent; ``steps`` until each crosses zero when the loss has slope one and wants a
        smaller or larger weight, None where it never does; ``soonest``, the place of the smallest, or -1.
    """
    latents = (sign, first, second, third)
    if not (all(map(math.isfinite, latents)) and math.isfinite(rate) and rate > 0):
        raise FrugalError("latents must be finite numbers, and the rate a positive one.")
    counts = [0]
    for u in latents[1:]:
        counts.append(counts[-1] + 1 if u >= 0 else 0)
    S, s = counts[-1], 1 if sign >= 0 else -1
    to_sign, to_exponent = (2**S, 2**S * math.log(2)) if gradient == "true" else (root(S), 0.5 / root(S))
    alive = [all(u >= 0 for u in latents[k + 1 :]) for k in range(1, SWITCHES + 1)]
    chain = [(counts[k] + 1) * alive[k] for k in range(SWITCHES)]
    gradients = [float(to_sign), *(s * to_exponent * factor for factor in chain)]
    slope = 1 if wanted == "smaller" else -1
    steps = [_steps(u, slope * g, rate) for u, g in zip(latents, gradients, strict=True)]
    finite = [value for value in steps if value is not None]
    soonest = steps.index(min(finite)) if finite else -1
    return {
        "counts": counts[1:],
        "exponent": S,
        "weight": s * 2**S,
        "gradients": gradients,
        "steps": steps,
        "soonest": soonest,
    }


def root(S: int) -> float:
    """The function whose gradient the released layer takes."""
    return math.sqrt(S + 1)


def _steps(u: float, slope: float, rate: float) -> float | None:
    """Steps of plain descent from ``u`` to zero, or None when it leads away or does not move."""
    if slope == 0 or (u >= 0) != (slope > 0):
        return None
    return abs(u) / (rate * abs(slope))


class SwitchLadder(Widget):
    """Sign and three switches of one weight, the count through them, and the gradient that reaches each."""

    summary = (
        "Four latents of one weight of three bits: a sign and three switches that a count passes one "
        "after the other. Below, the eight possible weights. Each latent shows the gradient that reaches it "
        "and the steps until it flips. Move the latents, the rate, and which gradient is used."
    )
    sign = Slider(0.4, "Sign latent", -REACH, REACH, step=0.1)
    first = Slider(0.3, "First switch", -REACH, REACH, step=0.1)
    second = Slider(-0.1, "Second switch", -REACH, REACH, step=0.1)
    third = Slider(0.5, "Third switch", -REACH, REACH, step=0.1)
    gradient = Choice(
        "root", "Gradient", {"root": "square root, as released", "true": "true, as in the diagram"}
    )
    wanted = Choice("smaller", "The loss wants the weight", {"smaller": "smaller", "larger": "larger"})
    rate = Slider(0.1, "Latent rate", 0.001, 1.0, log=True)
    compute = staticmethod(compute)
