"""Cora and Citeseer: citation graphs with the standard split of Yang, Cohen and Salakhutdinov (2016)."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import scipy.sparse
import torch

from utils.data.fetch import fetch_all
from utils.data.pickles import NUMPY_ARRAYS, load_pickle
from utils.data.stand_in import communities
from utils.errors import FrugalError

GRAPHS = {"cora": (1433, 7), "citeseer": (3703, 6)}  # features, classes
VALIDATION = 500  # nodes, right after the training nodes

# The pickles are of Python 2, and SciPy has since moved its module.
ALLOWED = {
    **NUMPY_ARRAYS,
    ("scipy.sparse.csr", "csr_matrix"): scipy.sparse.csr_matrix,
    ("collections", "defaultdict"): defaultdict,
    ("__builtin__", "list"): list,
}


@dataclass(frozen=True)
class Graph:
    """A graph of N nodes with F features, C classes and E directed edges.

    features float32 (N, F), 0 or 1; labels int64 (N,), -1 where a node has none; edges int64 (2, E), each
    undirected edge in both directions, without self-loops and doubles; train, valid, test bool (N,).
    """

    name: str
    features: torch.Tensor
    labels: torch.Tensor
    edges: torch.Tensor
    train: torch.Tensor
    valid: torch.Tensor
    test: torch.Tensor


def load_planetoid(name: str, stand_in: bool = False) -> Graph:
    """The graph ``"cora"`` or ``"citeseer"`` with its standard split.

    Training nodes: 20 per class; validation: 500; test: 1,000.

    Parameters
    ----------
    stand_in : bool
        Give a tiny made-up set of the same form instead, without a download: for ``smoke``.

    Raises
    ------
    FrugalError
        for another name, or when the files cannot be had.
    """
    if name not in GRAPHS:
        raise FrugalError(f"there is no graph '{name}'; there are {' and '.join(GRAPHS)}.")
    if stand_in:
        return _stand_in(name)
    raw = _read(name)
    features, labels = _nodes(raw)
    train, valid, test = _split(len(features), len(raw["y"]), raw["test.index"])
    return Graph(name, features, labels, _edges(raw["graph"]), train, valid, test)


def _stand_in(name: str) -> Graph:
    """A small graph with the real one's features and classes: 20 training nodes per class, 160 others."""
    features, classes = GRAPHS[name]
    training, nodes = 20 * classes, 20 * classes + 160
    place = torch.arange(nodes)
    masks = place < training, (place >= training) & (place < nodes - 80), place >= nodes - 80
    return Graph(name, *communities(nodes, features, classes), *masks)


def _read(name: str) -> dict[str, object]:
    """The eight files of one graph: x, y train; tx, ty test; allx, ally all but test; graph; test.index."""
    parts = ("x", "y", "tx", "ty", "allx", "ally", "graph", "test.index")
    paths = fetch_all("planetoid", [f"ind.{name}.{part}" for part in parts])
    raw = {part: load_pickle(path, ALLOWED, "latin1") for part, path in zip(parts[:-1], paths, strict=False)}
    return {**raw, "test.index": np.loadtxt(paths[-1], dtype=np.int64)}


def _nodes(raw: dict) -> tuple[torch.Tensor, torch.Tensor]:
    """Features and labels in the order of the node numbers.

    Test rows come in the shuffled order of test.index. Citeseer's test numbers have gaps: isolated nodes that
    are in no file, here with features of zero and without label.
    """
    known, test = raw["allx"].shape[0], raw["test.index"]
    count = max(known, int(test.max()) + 1)
    features = np.zeros((count, raw["allx"].shape[1]), dtype=np.float32)
    features[:known], features[test] = raw["allx"].toarray(), raw["tx"].toarray()
    labels = np.full(count, -1, dtype=np.int64)
    labels[:known], labels[test] = raw["ally"].argmax(axis=1), raw["ty"].argmax(axis=1)
    return torch.from_numpy(features), torch.from_numpy(labels)


def _edges(neighbors: dict[int, list[int]]) -> torch.Tensor:
    pairs = {(i, j) for i, others in neighbors.items() for j in others if i != j}
    both_ways = pairs | {(j, i) for i, j in pairs}
    return torch.tensor(sorted(both_ways), dtype=torch.int64).T.contiguous()


def _split(count: int, training: int, test: np.ndarray) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    masks = torch.zeros(3, count, dtype=torch.bool)
    masks[0, :training] = True
    masks[1, training : training + VALIDATION] = True
    masks[2, torch.from_numpy(test)] = True
    return masks[0], masks[1], masks[2]
