"""The book's arena: every technique on one task, accuracy against a cost that the reader chooses."""

import math

import traitlets

from utils.errors import FrugalError
from utils.widgets.base import Widget
from utils.widgets.controls import Choice

COSTS = {
    "bytes": "bytes on disk",
    "multiply_adds": "multiply-adds of one example",
    "time_one": "time of one example, dense network = 1",
    "time_batch": "time of a batch, dense network = 1",
}


def compute(points: list, cost: str) -> dict:
    """The frontier: points that no other point beats in accuracy at the same or a lower cost.

    ``points`` hold ``technique``, ``chapter``, ``width``, ``accuracy`` (a list, one per seed, in percent) and
    the four costs; times are relative to the dense network's.

    Returns ``means``, ``costs``, ``frontier`` (indices by ascending cost) and its length ``on_frontier``,
    ``best`` (highest mean), ``smallest`` (lowest cost) and ``tied``, how many points lie within the spread of
    seeds of the best one.

    Raises
    ------
    FrugalError
        when there are no points, or one without accuracy or with a cost that is not positive.
    """
    if not points:
        raise FrugalError("nobody has entered the arena yet: run `frugal arena`, then the chapters.")
    costs = [point[cost] for point in points]
    if not all(point["accuracy"] for point in points) or not all(value and value > 0 for value in costs):
        raise FrugalError("a point of the arena has no accuracy, or a cost that is not positive.")
    means = [math.fsum(point["accuracy"]) / len(point["accuracy"]) for point in points]
    frontier, reached = [], -math.inf
    for i in sorted(range(len(points)), key=lambda i: (costs[i], -means[i], i)):
        if means[i] > reached:
            frontier.append(i)
            reached = means[i]
    best = points[frontier[-1]]
    return {
        "means": means,
        "costs": costs,
        "frontier": frontier,
        "on_frontier": len(frontier),
        "best": max(means),
        "smallest": min(costs),
        "tied": sum(max(point["accuracy"]) >= min(best["accuracy"]) for point in points),
    }


class Arena(Widget):
    """A scatter of techniques with its frontier, and the table of all points under it."""

    summary = (
        "Accuracy of every technique of the book on one task, against a cost that you choose: bytes on disk, "
        "multiply-adds, or time relative to the dense network. A line joins the points that no other beats. "
        "The table below the figure lists all points."
    )
    points = traitlets.List(traitlets.Dict()).tag(sync=True)
    cost = Choice("bytes", "Cost", COSTS)
    compute = staticmethod(compute)
