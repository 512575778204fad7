"""Chapter 01: gradient noise walks the weights of a dead network to where its signal passes."""

import math

import numpy as np
import traitlets

from utils.errors import FrugalError
from utils.widgets.base import Widget
from utils.widgets.controls import Slider

HORIZON = 200_000  # steps
POINTS = 120
EXACT = 64  # terms of the sum that are added one by one; an integral stands for the others


def compute(
    rate: float, eta: float, gamma: float, start: float, steps: int, fan_in: int, layers: int
) -> dict:
    """Spread of a weight after each step of SGD on a plateau, and the signal through depth at ``steps``.

    The noise of step t has variance ``eta / (1 + t)^gamma`` (Neelakantan et al., 2015), so a weight that
    starts with standard deviation ``start`` has ``sqrt(start^2 + rate^2 * sum of variances)``. A ReLU layer
    multiplies the root mean square of its input by ``deviation * sqrt(fan_in / 2)``.

    Returns ``times``, ``deviations`` and ``noises`` for the picture, ``noise`` and ``deviation`` at
    ``steps``, He's standard deviation ``target``, ``arrival`` (first step at which it is reached; None if
    that is beyond the horizon) and ``gain``, log10 of the signal after all layers.
    """
    if not all(map(math.isfinite, (rate, eta, gamma, start, steps))):
        raise FrugalError("rate, eta, gamma, start and steps must be finite numbers.")
    times = np.unique(np.floor(HORIZON ** (np.arange(POINTS) / (POINTS - 1)) + 1e-9).astype(int))
    step = int(steps + 0.5)
    target = math.sqrt(2 / fan_in)
    deviation = math.sqrt(start**2 + rate**2 * eta * total(step, gamma))
    return {
        "times": times,
        "deviations": [math.sqrt(start**2 + rate**2 * eta * total(int(t), gamma)) for t in times],
        "noises": [math.sqrt(eta * int(t) ** -gamma) for t in times],
        "noise": math.sqrt(eta * step**-gamma),
        "deviation": deviation,
        "target": target,
        "arrival": arrival(target**2 - start**2, rate**2 * eta, gamma),
        "gain": layers * math.log10(max(deviation, 1e-300) / target),
    }


def total(count: int, gamma: float) -> float:
    """Sum of k^-gamma for k from 1 to ``count``, to 1e-4: exact terms, then the midpoint rule's integral."""
    head = sum(k**-gamma for k in range(1, min(count, EXACT) + 1))
    return head + (area(count + 0.5, gamma) - area(EXACT + 0.5, gamma) if count > EXACT else 0.0)


def area(x: float, gamma: float) -> float:
    """Integral of x^-gamma from 1 to ``x``."""
    return math.log(x) if gamma == 1 else (x ** (1 - gamma) - 1) / (1 - gamma)


def arrival(gap: float, strength: float, gamma: float) -> int | None:
    """First count of steps with ``strength`` times its total at least ``gap``; None beyond the horizon."""
    low, high = 0, HORIZON
    if strength * total(high, gamma) < gap:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if strength * total(middle, gamma) < gap else (low, middle)
    return high


class NoiseSchedule(Widget):
    """Spread of noise and weights against steps with the line of He, and the signal through depth."""

    summary = (
        "Two plots: how gradient noise decays while it spreads the weights of a network that cannot learn, "
        "step by step, up to the spread at which a signal passes; and what is left of the signal after each "
        "layer. Choose the learning rate, the noise and its decay, the start and the step."
    )
    rate = Slider(0.1, "Learning rate", 0.001, 1, log=True)
    eta = Slider(0.05, "Noise variance η at step 0", 0.0001, 1, log=True)
    gamma = Slider(0.55, "Decay γ", 0, 1.1, step=0.05)  # 1.1: a variance passed as a deviation
    start = Slider(0, "Standard deviation at the start", 0, 0.3, step=0.01)
    steps = Slider(1000, "Step", 1, HORIZON, log=True, step=1, format="integer")
    fan_in = traitlets.Int(50, min=1).tag(sync=True)
    layers = traitlets.Int(20, min=1).tag(sync=True)
    compute = staticmethod(compute)
