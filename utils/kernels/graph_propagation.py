"""Feature propagation: powers of the symmetric-normalized adjacency times dense features (chapter 30)."""

from dataclasses import dataclass

import torch

from utils.errors import FrugalError
from utils.kernels import checks
from utils.kernels.backends import choose
from utils.kernels.costs import Cost


@dataclass(frozen=True)
class Graph:
    """An undirected graph with a self-loop at every node, as rows of neighbors (CSR without values).

    Attributes
    ----------
    starts : int64 tensor (N + 1,), where each node's neighbors begin
    neighbors : int32 tensor (directed edges + N,), in ascending order within a node
    scale : float64 tensor (N,), (degree with self-loop)^(-1/2): the edge (i, j) weighs scale_i scale_j
    """

    starts: torch.Tensor
    neighbors: torch.Tensor
    scale: torch.Tensor

    @property
    def nodes(self) -> int:
        return self.scale.shape[0]

    @property
    def bytes(self) -> int:
        tensors = (self.starts, self.neighbors, self.scale)
        return sum(tensor.numel() * tensor.element_size() for tensor in tensors)

    def to(self, device: torch.device | str) -> "Graph":
        return Graph(self.starts.to(device), self.neighbors.to(device), self.scale.to(device))


def build_graph(edges: torch.Tensor, nodes: int) -> Graph:
    """A graph from an edge list: both directions, duplicates once, a self-loop at every node.

    Parameters
    ----------
    edges : integer tensor (2, m) of node numbers; direction, order and repetition do not matter
    nodes : N

    Raises
    ------
    FrugalError
        for another shape or dtype, or a node number outside 0..N-1.
    """
    checks.dimensions("edges", edges, 2)
    checks.dtype("edges", edges, torch.int32, torch.int64)
    checks.shape("edges", edges, 2, edges.shape[1])
    if edges.numel() and (edges.min() < 0 or edges.max() >= nodes):
        raise FrugalError(f"edges names nodes outside 0 to {nodes - 1}; check the number of nodes.")
    loops = torch.arange(nodes, device=edges.device)
    source, target = edges.long()
    rows, columns = torch.cat([source, target, loops]), torch.cat([target, source, loops])
    keys = (rows * max(nodes, 1) + columns).unique()
    rows, columns = keys // max(nodes, 1), keys % max(nodes, 1)
    degrees = torch.bincount(rows, minlength=nodes)
    starts = torch.cat([degrees.new_zeros(1), degrees.cumsum(0)])
    return Graph(starts, columns.to(torch.int32), degrees.double().rsqrt())


def graph_propagation(
    features: torch.Tensor, graph: Graph, steps: int = 1, backend: str = "auto"
) -> torch.Tensor:
    """Compute ``A^steps X`` with ``A = D^(-1/2) (adjacency + I) D^(-1/2)``; differentiable in X.

    Parameters
    ----------
    features : float32 or float64 tensor (N, d)
    graph : from ``build_graph``, on the same device
    steps : number of propagation steps, 0 gives the features back
    backend : "auto", "reference", "triton" or "numba"

    Returns
    -------
    tensor (N, d) of the features' dtype. A is symmetric, so the gradient is propagated the same way.
    NaN and infinity reach the nodes within ``steps`` edges (NaN for infinities of both signs) and no others.

    Raises
    ------
    FrugalError
        for shapes, dtypes, devices or steps that do not fit.

    Source
    ------
    The decoupled propagation of SGC and of the deep-GNN study of chapter 30 (its equation 1, r = 1/2).
    """
    checks.dimensions("features", features, 2)
    checks.dtype("features", features, torch.float32, torch.float64)
    checks.shape("features", features, graph.nodes, features.shape[1])
    checks.at_least("steps", steps, 0, "it counts propagation steps")
    chosen = choose(backend, features, graph.starts, graph.neighbors, graph.scale)
    for _ in range(steps):
        features = _Propagate.apply(features, graph, _step(chosen))
    return features


def propagate_reference(features: torch.Tensor, graph: Graph) -> torch.Tensor:
    """The definition of one step: gather, scale and add along the edges."""
    rows = torch.repeat_interleave(torch.arange(graph.nodes, device=features.device), graph.starts.diff())
    scale = graph.scale.to(features.dtype)[:, None]
    gathered = (features * scale)[graph.neighbors.long()]
    return torch.zeros_like(features).index_add_(0, rows, gathered) * scale


class _Propagate(torch.autograd.Function):
    """One step; since A is symmetric, its own step is its gradient."""

    @staticmethod
    def forward(context, features, graph, step):
        context.graph, context.step = graph, step
        return step(features.contiguous(), graph)

    @staticmethod
    def backward(context, gradient):
        return _Propagate.apply(gradient, context.graph, context.step), None, None


def _step(chosen: str):
    if chosen == "triton":
        from utils.kernels.graph_propagation_triton import propagate_triton as step
    elif chosen == "numba":
        from utils.kernels.graph_propagation_cpu import propagate_cpu as step
    else:
        step = propagate_reference
    return step


def cost(graph: Graph, width: int, steps: int = 1, bytes_per_value: int = 4) -> Cost:
    """A multiply-add an edge and feature, two products a node and feature; no reuse of gathered rows."""
    edges, nodes = graph.neighbors.numel(), graph.nodes
    read = edges * (4 + bytes_per_value * (width + 1)) + 8 * (nodes + 1) + bytes_per_value * nodes
    operations = 2 * edges * width + nodes * width
    return Cost(steps * operations, steps * read, steps * nodes * width * bytes_per_value)
