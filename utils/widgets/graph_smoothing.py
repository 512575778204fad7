"""Chapter 30: two depths, of propagation (smooths the graph) and of transformation (scales the signal)."""

import math

import numpy as np

from utils.errors import FrugalError
from utils.widgets.base import Widget
from utils.widgets.controls import Slider
from utils.widgets.samples import normals

HALF, NEIGHBORS, SEED = 60, 5, 30
HIDDEN, DEEPEST = 32, 16
GLOROT = 1  # variance of a weight times its inputs, for equal widths; drawn beside the chosen one


def graph(spread: float) -> tuple[np.ndarray, np.ndarray]:
    """Positions (2 HALF, 2) of two communities and the normalized adjacency of their nearest neighbors.

    The adjacency is ``D^-1/2 (A + I) D^-1/2`` (Kipf and Welling, 2017), A symmetric.
    """
    points = spread * normals(SEED, 4 * HALF).reshape(-1, 2)
    points[:, 0] += np.repeat([-1.0, 1.0], HALF)
    distances = ((points[:, None] - points[None]) ** 2).sum(axis=2)
    nearest = np.argsort(distances, axis=1, kind="stable")[:, : NEIGHBORS + 1]  # itself comes first
    adjacency = np.zeros(distances.shape)
    np.put_along_axis(adjacency, nearest, 1.0, axis=1)
    adjacency = np.maximum(adjacency, adjacency.T)
    degree = adjacency.sum(axis=1)
    return points, adjacency / np.sqrt(degree[:, None] * degree[None])


def gains(variance: float) -> np.ndarray:
    """Frobenius norm of the Jacobian of a random ReLU network after each layer, over that of the identity.

    Weights have variance ``variance`` / HIDDEN: 1 is the start of Glorot and Bengio (2010), 2 that of He et
    al. (2015). The input is a Gaussian vector. Returns (DEEPEST,).
    """
    weights = normals(SEED + 1, DEEPEST * HIDDEN**2).reshape(DEEPEST, HIDDEN, HIDDEN)
    weights *= math.sqrt(variance / HIDDEN)
    signal, jacobian, norms = normals(SEED + 999_999, HIDDEN), np.eye(HIDDEN), []
    for weight in weights:
        before = weight @ signal
        signal, jacobian = np.maximum(before, 0), (before > 0)[:, None] * (weight @ jacobian)
        norms.append(np.sqrt((jacobian**2).sum() / HIDDEN))
    return np.array(norms)


def compute(propagation: float, transformation: float, variance: float, spread: float) -> dict:
    """Positions after ``propagation`` steps, how well they separate, and the signal after the layers.

    Returns ``points`` (2 HALF, 2), ``separation`` (distance of the class means over the root mean square
    distance from them), ``accuracy`` (share of nodes nearest to their own class mean), ``within`` (that root
    mean square, over its value before propagation), ``gains`` and ``gain`` of the chosen depth.
    """
    if not (math.isfinite(propagation) and math.isfinite(transformation) and spread > 0 and variance > 0):
        raise FrugalError("both depths must be finite numbers, spread and variance positive.")
    start, adjacency = graph(spread)
    points = start.copy()
    for _ in range(int(propagation)):
        points = adjacency @ points
    norms = gains(variance)
    return {
        "points": points,
        **_separation(points),
        "within": _within(points) / _within(start),
        "gains": norms,
        "gain": float(norms[int(transformation) - 1]),
    }


def _within(points: np.ndarray) -> float:
    groups = points.reshape(2, HALF, 2)
    return float(np.sqrt(((groups - groups.mean(axis=1, keepdims=True)) ** 2).sum(axis=2).mean()))


def _separation(points: np.ndarray) -> dict:
    centers = points.reshape(2, HALF, 2).mean(axis=1)
    distances = ((points[:, None] - centers[None]) ** 2).sum(axis=2)
    own = np.repeat([0, 1], HALF)
    right = distances[np.arange(2 * HALF), own] < distances[np.arange(2 * HALF), 1 - own]
    between = math.sqrt(((centers[0] - centers[1]) ** 2).sum())
    return {"separation": between / _within(points), "accuracy": float(right.mean())}


class GraphSmoothing(Widget):
    """A graph of two communities under propagation, and the signal through random layers."""

    summary = (
        "Two plots: the nodes of a graph with two communities, drawn together by each step of propagation, "
        "and the signal that is left after each layer of a random network. Choose both depths, the variance "
        "of the random weights and how much the communities overlap."
    )
    propagation = Slider(2, "Propagation depth", 0, 32, step=1)
    transformation = Slider(2, "Transformation depth", 1, DEEPEST, step=1)
    variance = Slider(1, "Weight variance times inputs", 0.5, 4, step=0.1)
    spread = Slider(0.7, "Spread of the communities", 0.3, 1.2, step=0.05)
    compute = staticmethod(compute)
