"""Chapter 11: how many widths of a float model a ternary one is worth, from measured losses."""

import numpy as np
import traitlets

from utils.errors import FrugalError
from utils.widgets.base import Widget


def at_width(width: float, widths: list, losses: np.ndarray) -> float | None:
    """The reference loss at a width, straight between measurements in log-log; None outside them."""
    if not widths[0] * (1 - 1e-12) <= width <= widths[-1] * (1 + 1e-12):
        return None
    return float(np.exp(np.interp(np.log(width), np.log(widths), np.log(losses))))


def at_loss(loss: float, widths: list, losses: np.ndarray) -> float | None:
    """The reference width with this loss (losses fall with width); None outside the measurements."""
    if not losses[-1] <= loss <= losses[0]:
        return None
    return float(np.exp(np.interp(-np.log(loss), -np.log(losses), np.log(widths))))


def compute(widths: list, reference: list, treatment: list, factor: float) -> dict:
    """Move the treatment's curve to ``1 / factor`` of its widths and compare it with the reference's.

    ``reference`` and ``treatment`` hold a list of losses, one a seed, for each of the ascending ``widths``.

    Returns means and sample deviations, ``gap`` (mean difference from the reference where the moved
    curve overlaps it; None if nowhere), ``inside`` (how many points overlap), ``worth`` (for each treatment
    point its width over the reference width of equal loss; None outside) and ``mean_worth``, their
    geometric mean.

    Raises
    ------
    FrugalError
        when there are no measurements, or losses that are not positive and falling.
    """
    if len(widths) < 2 or not len(widths) == len(reference) == len(treatment):
        raise FrugalError("there are no measurements yet: run the chapter's notebook, then pass its losses.")
    means = [np.array([np.mean(row) for row in rows]) for rows in (reference, treatment)]
    if not (np.all(means[1] > 0) and np.all(means[0] > 0) and np.all(np.diff(means[0]) < 0)):
        raise FrugalError("the reference losses must be positive and fall with the width.")
    moved = [at_width(width / factor, widths, means[0]) for width in widths]
    gaps = [loss - other for loss, other in zip(means[1], moved, strict=True) if other is not None]
    equal = [at_loss(loss, widths, means[0]) for loss in means[1]]
    worth = [width / other if other else None for width, other in zip(widths, equal, strict=True)]
    known = [value for value in worth if value is not None]
    return {
        "means": means,
        "deviations": [[float(np.std(row, ddof=1)) for row in rows] for rows in (reference, treatment)],
        "gap": float(np.mean(gaps)) if gaps else None,
        "inside": len(gaps),
        "worth": worth,
        "mean_worth": float(np.exp(np.mean(np.log(known)))) if known else None,
    }


class EffectiveCapacity(Widget):
    """Two measured curves, loss against width; a slider moves the second one to the left."""

    summary = (
        "Measured loss against width for a float and a ternary network. A slider moves the ternary curve to "
        "smaller widths until it lies on the float one: that factor is what ternary weights cost in width."
    )
    widths = traitlets.List(traitlets.Float()).tag(sync=True)
    reference = traitlets.List(traitlets.List(traitlets.Float())).tag(sync=True)
    treatment = traitlets.List(traitlets.List(traitlets.Float())).tag(sync=True)
    factor = traitlets.Float(1.0).tag(sync=True)
    compute = staticmethod(compute)
