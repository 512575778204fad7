"""Chapter 01: gradient noise walks the weights of a dead network to where its signal passes."""

import math

import numpy as np
import traitlets

from utils.errors import FrugalError
from utils.widgets.base import Widget

HORIZON = 20_000  # steps
POINTS = 120


def compute(
    rate: float, eta: float, gamma: float, start: float, steps: int, fan_in: int, layers: int
) -> dict:
    """Weight deviation after each step of plain SGD on a plateau, and the signal through depth at ``steps``.

    The noise of step t has variance ``eta / (1 + t)^gamma`` (Neelakantan et al., 2015), so a weight that
    starts with deviation ``start`` has ``sqrt(start^2 + rate^2 * sum of variances)``. A ReLU layer
    multiplies the root mean square of its input by ``deviation * sqrt(fan_in / 2)``.

    Returns ``times`` and ``deviations`` for the picture, ``noise`` and ``deviation`` at ``steps``, the He
    deviation ``target``, ``arrival`` (first step at which it is reached; None if never) and ``gain``, log10
    of the signal after all layers.
    """
    if not all(map(math.isfinite, (rate, eta, gamma, start, steps))):
        raise FrugalError("rate, eta, gamma, start and steps must be finite numbers.")
    variances = eta * (1.0 + np.arange(HORIZON)) ** -gamma
    deviations = np.sqrt(start**2 + rate**2 * np.cumsum(variances))
    target = math.sqrt(2 / fan_in)
    times = np.unique(np.floor(HORIZON ** (np.arange(POINTS) / (POINTS - 1)) + 1e-9).astype(int))
    step = int(steps + 0.5)
    reached = np.flatnonzero(deviations >= target)
    return {
        "times": times,
        "deviations": deviations[times - 1],
        "noise": math.sqrt(variances[step - 1]),
        "deviation": deviations[step - 1],
        "target": target,
        "arrival": int(reached[0]) + 1 if reached.size else None,
        "gain": layers * math.log10(max(deviations[step - 1], 1e-300) / target),
    }


class NoiseSchedule(Widget):
    """Weight deviation against steps with the He line, and the signal through depth at the chosen step."""

    summary = (
        "Two plots: how gradient noise spreads the weights of a network that cannot learn, step by step, up "
        "to the spread at which a signal passes; and what is left of the signal after each layer. Choose the "
        "learning rate, the noise and its decay, the start and the step."
    )
    rate = traitlets.Float(0.1).tag(sync=True)
    eta = traitlets.Float(0.05).tag(sync=True)
    gamma = traitlets.Float(0.55).tag(sync=True)
    start = traitlets.Float(0.0).tag(sync=True)
    steps = traitlets.Float(1000.0).tag(sync=True)
    fan_in = traitlets.Int(50, min=1).tag(sync=True)
    layers = traitlets.Int(20, min=1).tag(sync=True)
    compute = staticmethod(compute)
