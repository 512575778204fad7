"""Cora and Citeseer: the known sizes, and a graph small enough to check by hand."""

import numpy as np
import pytest
import scipy.sparse
import torch

from utils.data import planetoid
from utils.data.planetoid import load_planetoid
from utils.errors import FrugalError

# nodes, features, classes, undirected edges without loops and doubles, training nodes
KNOWN = {"cora": (2708, 1433, 7, 5278, 140), "citeseer": (3327, 3703, 6, 4552, 120)}


@pytest.mark.parametrize("name", planetoid.GRAPHS)
def test_sizes_are_the_known_ones(name, prepared_data):
    graph = load_planetoid(name)
    nodes, features, classes, edges, training = KNOWN[name]
    assert graph.features.shape == (nodes, features)
    assert graph.features.dtype == torch.float32
    assert graph.labels.shape == (nodes,)
    assert graph.labels.unique().tolist() == [
        label for label in range(-1, classes) if label >= 0 or name == "citeseer"
    ]
    assert graph.edges.shape == (2, 2 * edges)
    assert [int(mask.sum()) for mask in (graph.train, graph.valid, graph.test)] == [training, 500, 1000]
    assert graph.labels[graph.train].bincount().tolist() == [training // classes] * classes


@pytest.mark.parametrize("name", planetoid.GRAPHS)
def test_graph_is_symmetric_and_split_is_disjoint(name, prepared_data):
    graph = load_planetoid(name)
    pairs = set(map(tuple, graph.edges.T.tolist()))
    assert pairs == {(j, i) for i, j in pairs}
    assert all(i != j for i, j in pairs)
    assert len(pairs) == graph.edges.shape[1]
    assert int((graph.train.int() + graph.valid.int() + graph.test.int()).max()) == 1
    assert int(graph.labels[graph.train | graph.valid | graph.test].min()) >= 0


def test_citeseer_isolated_nodes_are_zero_and_without_label(prepared_data):
    graph = load_planetoid("citeseer")
    lost = graph.labels == -1
    assert int(lost.sum()) == 15
    assert graph.features[lost].abs().sum() == 0


def test_test_rows_go_where_the_index_says():
    """Two known nodes, test numbers 4 and 2 in this order, and node 3 in no file."""
    raw = {
        "allx": scipy.sparse.csr_matrix([[1.0, 0.0], [0.0, 1.0]]),
        "ally": np.eye(2),
        "tx": scipy.sparse.csr_matrix([[1.0, 1.0], [0.0, 1.0]]),
        "ty": np.array([[0, 1], [1, 0]]),
        "test.index": np.array([4, 2]),
    }
    features, labels = planetoid._nodes(raw)
    assert features.tolist() == [[1, 0], [0, 1], [0, 1], [0, 0], [1, 1]]
    assert labels.tolist() == [0, 1, 0, -1, 1]


def test_edges_lose_loops_and_doubles_and_gain_their_way_back():
    assert planetoid._edges({0: [1, 1, 0], 1: [0], 2: [1]}).T.tolist() == [[0, 1], [1, 0], [1, 2], [2, 1]]


def test_unknown_graph_is_a_sentence():
    with pytest.raises(FrugalError, match="cora and citeseer"):
        load_planetoid("pubmed")
