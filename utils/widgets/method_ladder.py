"""Chapter 14: the ladder of methods on a layer whose truth is sparse: what each finds, and its bill."""

import math

import numpy as np

from utils.errors import FrugalError
from utils.widgets.base import Widget
from utils.widgets.controls import Choice, Slider
from utils.widgets.samples import normals, uniforms

SIDE = 16  # of the layer
CELLS = SIDE**2
ROUNDS = 30  # mask updates in a training
END = 24  # the round after which the masks stay
RATE = 0.5  # share of its distance that an active weight moves in a round
SEED = 1414
METHODS = {
    "pruned": "pruned after training",
    "gradual": "gradual pruning",
    "rigl": "RigL",
    "set": "SET",
    "static": "fixed random mask",
}
OFF, KEPT, GROWN, DROPPED = 0, 1, 2, 3  # what happened to a cell in the last round


def truth(share: float) -> np.ndarray:
    """The layer to be found, (CELLS,): Gaussian values at a random share of the places, zero elsewhere."""
    places = _mask(uniforms(SEED, CELLS), _count(share))
    return normals(SEED + CELLS, CELLS) * places


def run(method: str, density: float, share: float, noise: float, drop: float) -> list[dict]:
    """States after rounds 0 to ROUNDS: ``weights``, ``mask`` and ``events`` (CELLS,), and ``ever``, a share.

    Inputs are white, so the gradient is the weight's distance from the truth; the batch adds Gaussian noise
    of standard deviation ``noise``. In a round active weights move by RATE of the noisy distance, then the
    mask moves.
    """
    target, count = truth(share), _count(density)
    mask = np.ones(CELLS) if method in ("pruned", "gradual") else _mask(uniforms(SEED + 1, CELLS), count)
    weights, ever = np.zeros(CELLS), mask.copy()
    states = [{"weights": weights, "mask": mask, "events": mask * KEPT, "ever": float(ever.mean())}]
    for number in range(1, ROUNDS + 1):
        pull = target - weights + noise * normals(SEED + 1000 * number, CELLS)
        weights = weights + RATE * mask * pull
        after = _moved(method, number, mask, weights, pull, count, drop)
        weights, ever = weights * after, np.maximum(ever, after)
        events = np.where(after > mask, GROWN, np.where(after < mask, DROPPED, after * KEPT))
        mask = after
        states.append({"weights": weights, "mask": mask, "events": events, "ever": float(ever.mean())})
    return states


def _moved(method, number, mask, weights, pull, count, drop) -> np.ndarray:
    """The mask after the round's update."""
    size = np.abs(weights)
    if method == "pruned":
        return _mask(size, count) if number == ROUNDS else mask
    if method == "gradual":
        left = max(0.0, 1 - number / END) ** 3
        kept = _half_up(count + (CELLS - count) * left)
        return _mask(np.where(mask > 0, size, -1.0), kept)
    if method == "static" or number > END:
        return mask
    share = drop / 2 * (1 + math.cos(math.pi * number / END))
    moves = min(_half_up(share * count), CELLS - count)
    score = np.abs(pull) if method == "rigl" else uniforms(SEED + 1000 * number, CELLS)
    dropped = _mask(np.where(mask > 0, -size, -np.inf), moves)
    grown = _mask(np.where(mask > 0, -np.inf, score), moves)
    return mask - dropped + grown


def bill(method: str, density: float, every: float) -> float:
    """Operations of the training over those of the dense one, zeros not counted (see the chapter's page)."""
    kept = _count(density) / CELLS
    falling = kept + (1 - kept) / 4
    costs = {
        "pruned": 1.0,
        "gradual": (END * falling + (ROUNDS - END) * kept) / ROUNDS,
        "rigl": (3 * kept * every + 2 * kept + 1) / (3 * (every + 1)),
    }
    return costs.get(method, kept)


def compute(
    method: str, density: float, share: float, noise: float, drop: float, every: float, step: float
) -> dict:
    """The chosen method's mask at round ``step``, and all methods' errors and bills.

    Returns ``truth`` (CELLS,) as 0 and 1, ``events`` (CELLS,), ``error`` (squared distance over that of
    zero), ``found`` (share of the truth's places that are active), ``explored`` (R), ``bill``, and
    ``errors``, ``bills`` over METHODS, errors at the end of the training.
    """
    if not all(map(math.isfinite, (density, share, noise, drop, every, step))):
        raise FrugalError("density, share, noise, drop, every and step must be finite numbers.")
    target = truth(share)
    runs = {name: run(name, density, share, noise, drop) for name in METHODS}
    now = runs[method][int(step)]
    places = target != 0
    return {
        "truth": places.astype(int),
        "events": now["events"].astype(int),
        "error": _error(now["weights"], target),
        "found": float(now["mask"][places].sum() / places.sum()),
        "explored": now["ever"],
        "bill": bill(method, density, every),
        "errors": [_error(runs[name][-1]["weights"], target) for name in METHODS],
        "bills": [bill(name, density, every) for name in METHODS],
    }


def _error(weights: np.ndarray, target: np.ndarray) -> float:
    return float(((weights - target) ** 2).sum() / (target**2).sum())


def _mask(scores: np.ndarray, count: int) -> np.ndarray:
    """1 at the ``count`` largest scores, else 0; of equal ones the first."""
    mask = np.zeros(CELLS)
    mask[np.argsort(-scores, kind="stable")[:count]] = 1
    return mask


def _count(density: float) -> int:
    return max(1, _half_up(density * CELLS))


def _half_up(value: float) -> int:
    return math.floor(value + 0.5)


class MethodLadder(Widget):
    """A layer of 16 x 16 weights under five ways to become sparse, round by round, and what each costs."""

    summary = (
        "A layer of 16 by 16 weights whose truth is sparse, with the cells that stay, that were just grown "
        "and just dropped, and beside it a ladder of five methods with their errors and training bills. "
        "Choose the method, the density, the truth, the noise of the gradient and the round."
    )
    method = Choice("rigl", "Method", METHODS)
    step = Slider(5, "Round of the training", 0, ROUNDS, step=1)
    density = Slider(0.1, "Density", 0.02, 1, log=True, format="percent")
    share = Slider(0.08, "Weights that the truth uses", 0.02, 1, log=True, format="percent")
    noise = Slider(0.1, "Noise of the gradient", 0, 1, step=0.02)
    drop = Slider(0.3, "Share dropped in the first round", 0, 1, step=0.05, format="percent")
    every = Slider(20, "Steps between updates", values=[1, 2, 5, 10, 20, 50, 100, 200])
    compute = staticmethod(compute)
