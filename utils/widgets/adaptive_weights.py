"""Chapter 30: how a node divides its weight among the propagation steps, and what the temperature does."""

import math

import numpy as np
import traitlets

from utils.errors import FrugalError
from utils.widgets.base import Widget
from utils.widgets.controls import Slider
from utils.widgets.samples import uniforms

PAPERS, WORDS, STEPS, SEED = 40, 32, 8, 30
TEMPERATURES = [0.05, 0.063, 0.08, 0.1, 0.125, 0.16, 0.2, 0.25, 0.315, 0.4]
TEMPERATURES += [0.5, 0.63, 0.8, 1.0, 1.25, 1.6, 2.0, 2.5, 3.15, 4.0, 5.0]
TIE = 1e-9  # weights closer than this, relative to the largest, count as equal


def graph() -> tuple[np.ndarray, np.ndarray]:
    """Adjacency (PAPERS + 1, PAPERS + 1) without loops, and features: which of WORDS words each paper has.

    Each paper joins one earlier paper, drawn by its number of neighbors (Barabasi and Albert, 1999), so the
    first PAPERS form a tree. The last paper joins nobody. A word is in a paper with probability 1/4.
    """
    adjacency, ends = np.zeros((PAPERS + 1, PAPERS + 1)), [0]
    for paper, u in enumerate(uniforms(SEED, PAPERS - 1), start=1):
        other = ends[int(u * len(ends))]
        adjacency[paper, other] = adjacency[other, paper] = 1
        ends += [paper, other]
    words = uniforms(SEED + PAPERS, (PAPERS + 1) * WORDS).reshape(PAPERS + 1, WORDS) < 1 / 4
    return adjacency, words.astype(float)


def levels(adjacency: np.ndarray, features: np.ndarray) -> np.ndarray:
    """Node smoothing levels NSL_v(k) of the sample graph, (PAPERS + 1, STEPS + 1), as in section 3 of 30.

    Propagation is ``D^-1/2 (A + I) D^-1/2``; in a component the rows of its limit are parallel to
    ``sum_j sqrt(d_j) x_j``, and the limit of a node without neighbors is the node itself.
    """
    looped = adjacency + np.eye(len(adjacency))
    roots = np.sqrt(looped.sum(axis=1))
    limit = np.tile(roots[:PAPERS] @ features[:PAPERS], (PAPERS + 1, 1))
    limit[PAPERS] = features[PAPERS]
    steps = [features]
    for _ in range(STEPS):
        steps.append((looped / roots[:, None] / roots) @ steps[-1])
    return np.stack([_cosine(step, features) * (1 - _cosine(step, limit)) for step in steps], axis=1)


def sample() -> dict:
    """The traits of the sample: its best linked paper, the first paper with one neighbor, the last paper."""
    adjacency, features = graph()
    degree = adjacency.sum(axis=1).astype(int)
    chosen = [int(degree.argmax()), int((degree == 1).argmax()), PAPERS]
    return {
        "nodes": ["hub", "leaf", "isolated"],
        "neighbors": degree[chosen].tolist(),
        "smoothness": (levels(adjacency, features)[chosen].round(6) + 0.0).tolist(),  # no minus zeros
    }


def compute(smoothness: list, nodes: list, neighbors: list, temperature: float) -> dict:
    """Weights of the propagation steps, ``softmax(smoothness / temperature)`` (Zhang et al., 2021, eq. 7).

    ``smoothness`` holds NSL_v(k) of three nodes at all levels, with 0; ``nodes`` and ``neighbors`` name them.

    Returns ``weights``, and for each node ``largest``, the step ``at`` which it is (the first of equal ones),
    how many ``ties`` there are, and ``depth``, the mean of k under the weights; ``uniform`` and ``middle``
    are the weight and the depth of equal weights. ``largest_i`` and ``depth_i`` are those of node i.

    Raises
    ------
    FrugalError
        when there are not three rows of equal length with finite values, or the temperature is not positive.
    """
    if len({len(row) for row in smoothness}) != 1 or not len(smoothness) == len(nodes) == len(neighbors) == 3:
        raise FrugalError("pass three nodes, each with its name, its neighbors and as many smoothing levels.")
    scores = np.array(smoothness, dtype=float)
    if scores.shape[1] < 2 or not np.isfinite(scores).all() or not (0 < temperature < math.inf):
        raise FrugalError("smoothing levels, two or more a node, and the temperature must be finite numbers.")
    powers = np.exp((scores - scores.max(axis=1, keepdims=True)) / temperature)
    weights = powers / powers.sum(axis=1, keepdims=True)
    largest, depth = weights.max(axis=1), weights @ np.arange(scores.shape[1])
    equal = weights >= (1 - TIE) * largest[:, None]
    return {
        "weights": weights,
        "at": equal.argmax(axis=1),
        "ties": equal.sum(axis=1),
        "uniform": 1 / scores.shape[1],
        "middle": (scores.shape[1] - 1) / 2,
        **{f"largest_{i}": float(value) for i, value in enumerate(largest)},
        **{f"depth_{i}": float(value) for i, value in enumerate(depth)},
    }


def _cosine(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    norms = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    return (a * b).sum(axis=1) / np.maximum(norms, 1e-10)  # a row of zeros has cosine 0 with anything


class AdaptiveWeights(Widget):
    """The weight of each propagation step at three nodes of a graph, against the temperature."""

    summary = (
        "Three rows of bars: how much weight a hub, a leaf and an isolated node of a graph give to each "
        "propagation step. Choose the temperature of the softmax that makes the weights."
    )
    nodes = traitlets.List(traitlets.Unicode()).tag(sync=True)
    neighbors = traitlets.List(traitlets.Int()).tag(sync=True)
    smoothness = traitlets.List(traitlets.List(traitlets.Float())).tag(sync=True)
    temperature = Slider(1.0, "Temperature τ", values=TEMPERATURES)
    compute = staticmethod(compute)

    def __init__(self, **state):
        super().__init__(**(state if "smoothness" in state else {**sample(), **state}))
        self.numbers()  # refuses what no page could show
