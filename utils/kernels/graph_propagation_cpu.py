"""CPU kernel of ``graph_propagation``: rows of neighbors are added one after another, feature by feature."""

import torch
from numba import njit

from utils.kernels.cpu import over_rows
from utils.kernels.graph_propagation import Graph

# Nodes of one task: enough to outweigh its start, few enough to balance uneven degrees.
NODES = 4096


def propagate_cpu(features: torch.Tensor, graph: Graph) -> torch.Tensor:
    """One step. See ``graph_propagation``."""
    output = torch.empty_like(features)
    scale = graph.scale.to(features.dtype).numpy()
    arrays = features.detach().numpy(), graph.starts.numpy(), graph.neighbors.numpy(), scale, output.numpy()
    over_rows(lambda first, last: _rows(*arrays, first, last), graph.nodes, NODES)
    return output


@njit(cache=True, nogil=True)
def _rows(features, starts, neighbors, scale, output, first, last):
    """Four neighbors at a time: their rows are fetched side by side, and the sum is loaded once for four."""
    for node in range(first, last):
        row, at, stop = output[node], starts[node], starts[node + 1]
        row[:] = 0
        while at + 4 <= stop:
            a, b, c, d = neighbors[at], neighbors[at + 1], neighbors[at + 2], neighbors[at + 3]
            _add_four(row, features[a], features[b], features[c], features[d], scale, a, b, c, d)
            at += 4
        for rest in range(at, stop):
            _add_one(row, features[neighbors[rest]], scale[neighbors[rest]])
        _multiply(row, scale[node])


@njit(cache=True, nogil=True, fastmath={"contract"})
def _add_four(row, x, y, z, w, scale, a, b, c, d):
    s, t, u, v = scale[a], scale[b], scale[c], scale[d]
    for i in range(row.size):
        row[i] += (s * x[i] + t * y[i]) + (u * z[i] + v * w[i])


@njit(cache=True, nogil=True, fastmath={"contract"})
def _add_one(row, x, s):
    for i in range(row.size):
        row[i] += s * x[i]


@njit(cache=True, nogil=True)
def _multiply(row, factor):
    for i in range(row.size):
        row[i] *= factor
