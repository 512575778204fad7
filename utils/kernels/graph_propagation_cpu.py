"""CPU kernel of ``graph_propagation``: rows of neighbors are added four at a time, and asked for ahead."""

import torch

from utils.kernels.cpu import over_rows
from utils.kernels.graph import Graph
from utils.kernels.jit import njit
from utils.kernels.sparse_simd import prefetch

AHEAD = 8  # neighbors whose rows are asked for before their turn comes
ASKED = 64  # features of such a row, from its first on; the hardware follows a longer row by itself
LINE = 16  # float32 numbers of a cache line

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
            _ask(features, neighbors, at + AHEAD, at + AHEAD + 4)
            a, b, c, d = neighbors[at], neighbors[at + 1], neighbors[at + 2], neighbors[at + 3]
            _add_four(row, features[a], features[b], features[c], features[d], scale, a, b, c, d)
            at += 4
        for rest in range(at, stop):
            _ask(features, neighbors, rest + AHEAD, rest + AHEAD + 1)
            _add_one(row, features[neighbors[rest]], scale[neighbors[rest]])
        _multiply(row, scale[node])


@njit(cache=True, nogil=True)
def _ask(features, neighbors, first, last):
    """Ask for the rows of neighbors first..last, which reach into the next nodes."""
    width = features.shape[1]
    for at in range(first, min(last, neighbors.size)):
        start = neighbors[at] * width
        for feature in range(0, min(width, ASKED), LINE):
            prefetch(features, start + feature)


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
