"""Feature propagation: powers of the symmetric-normalized adjacency times dense features (chapter 30)."""

import torch

from utils.kernels import checks
from utils.kernels.costs import Cost
from utils.kernels.graph import Graph, build_graph
from utils.kernels.operation import Operation, Promise

__all__ = ["Graph", "build_graph", "cost", "graph_propagation"]

OP = Operation(
    "graph_propagation",
    chapter=30,
    says="powers of the symmetric-normalized adjacency times features, forward and backward",
    source="the propagation of SGC, and of equation 1 of the study of chapter 30",
    gradient="flows",
    promises={
        "64 features, float32": Promise(load=4),
        "500 features, float32": Promise(load=4),
    },
)


@OP
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

    References
    ----------
    The decoupled propagation of SGC and of the deep-GNN study of chapter 30 (its equation 1, r = 1/2).
    """
    checks.kind("graph", graph, Graph, "make one by build_graph")
    checks.dimensions("features", features, 2)
    checks.dtype("features", features, torch.float32, torch.float64)
    checks.shape("features", features, graph.nodes, features.shape[1])
    checks.integer("steps", steps, 0, "it counts propagation steps")
    step, graph = OP.pick(backend, features.device, "propagate"), graph.contiguous()
    for _ in range(steps):
        features = _Propagate.apply(features, graph, step)
    return features


def propagate_reference(features: torch.Tensor, graph: Graph) -> torch.Tensor:
    """The definition of one step: gather, scale and add along the edges."""
    rows = torch.repeat_interleave(
        torch.arange(graph.nodes, device=features.device, dtype=torch.int64), graph.starts.diff()
    )
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


def cost(graph: Graph, width: int, steps: int = 1, bytes_per_value: int = 4) -> Cost:
    """A multiply-add an edge and feature, two products a node and feature; no reuse of gathered rows."""
    edges, nodes = graph.neighbors.numel(), graph.nodes
    read = edges * (4 + bytes_per_value * (width + 1)) + 8 * (nodes + 1) + bytes_per_value * nodes
    operations = 2 * edges * width + nodes * width
    return Cost(steps * operations, steps * read, steps * nodes * width * bytes_per_value)
