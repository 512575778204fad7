"""Graphs as rows of neighbors (chapter 30)."""

from dataclasses import dataclass

import torch

from utils.errors import FrugalError
from utils.kernels import checks
from utils.kernels.stored import Stored


@dataclass(frozen=True)
class Graph(Stored):
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
        """How many nodes the graph has."""
        return self.scale.shape[0]

    def __post_init__(self):
        checks.dimensions("scale", self.scale, 1)
        checks.shape("starts", self.starts, self.nodes + 1)


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
    checks.integer("nodes", nodes, 0, "it counts the nodes")
    checks.dimensions("edges", edges, 2)
    checks.dtype("edges", edges, torch.int32, torch.int64)
    checks.shape("edges", edges, 2, edges.shape[1])
    if edges.numel() and (edges.min() < 0 or edges.max() >= nodes):
        raise FrugalError(f"edges names nodes outside 0 to {nodes - 1}; check the number of nodes.")
    loops = torch.arange(nodes, device=edges.device, dtype=torch.int64)
    source, target = edges.long()
    rows, columns = torch.cat([source, target, loops]), torch.cat([target, source, loops])
    keys = (rows * max(nodes, 1) + columns).unique()
    rows, columns = keys // max(nodes, 1), keys % max(nodes, 1)
    degrees = torch.bincount(rows, minlength=nodes)
    starts = torch.cat([degrees.new_zeros(1), degrees.cumsum(0)])
    return Graph(starts, columns.to(torch.int32), degrees.double().rsqrt())
