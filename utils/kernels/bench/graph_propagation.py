"""Benchmark of ``graph_propagation`` beside the sparse products of PyTorch and SciPy."""

from collections.abc import Callable, Iterator

import scipy.sparse
import torch

from utils.kernels.bench.case import Case
from utils.kernels.graph_propagation import Graph, build_graph, cost, graph_propagation

# (nodes, undirected edges, features): the sizes of Cora and PubMed, and a graph beyond the caches.
SHAPES = [(2708, 5278, 1433), (19717, 44324, 500), (200_000, 1_000_000, 64)]


def cases(device: str) -> Iterator[Case]:
    """The shapes at which it is measured, each with its peers."""
    for nodes, edges, width in SHAPES:
        graph = build_graph(torch.randint(0, nodes, (2, edges)), nodes).to(device)
        features = torch.randn(nodes, width, device=device)
        yield Case(
            f"{nodes} nodes, {graph.neighbors.numel()} entries, {width} features",
            lambda graph=graph, features=features: graph_propagation(features, graph),
            _peers(features, graph),
            cost(graph, width),
            graph.bytes,
        )


def _peers(features: torch.Tensor, graph: Graph) -> dict:
    rows = torch.repeat_interleave(torch.arange(graph.nodes, device=features.device), graph.starts.diff())
    columns = graph.neighbors
    values = (graph.scale[rows] * graph.scale[columns.long()]).float()
    size = (graph.nodes, graph.nodes)
    matrix = torch.sparse_csr_tensor(graph.starts.int(), columns, values, size)
    found = {"torch.sparse CSR": lambda: matrix @ features}
    if features.device.type == "cpu":
        parts = (values.numpy(), columns.numpy(), graph.starts.int().numpy())
        csr, dense = scipy.sparse.csr_matrix(parts, shape=size), features.numpy()
        found["SciPy CSR"] = lambda: csr @ dense
    return found


def forms() -> dict[str, Callable[[], object]]:
    """Calls that take the launcher's different ways, to be compiled; the tensors have no memory."""
    return {
        f"{width} features, {str(dtype).removeprefix('torch.')}": _form(width, dtype)
        for width in (7, 16, 64, 500, 1433)
        for dtype in (torch.float32, torch.float64)
    }


def _form(width: int, dtype: torch.dtype) -> Callable[[], object]:
    graph = build_graph(torch.arange(64).reshape(2, 32), 64).to("meta")
    features = torch.empty(64, width, dtype=dtype, device="meta")
    return lambda: graph_propagation(features, graph, backend="triton")
