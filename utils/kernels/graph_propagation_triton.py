"""Triton kernel of ``graph_propagation``: a program adds a slice of the rows of one node's neighbors."""

import torch
import triton
import triton.language as tl

from utils.kernels.graph import Graph

# Features of a program and its warps: as few threads as read a slice in whole cache lines.
MOST_WIDTH = 128
WARPS = {16: 1, 32: 1, 64: 2, 128: 4}
STAGES = 3  # neighbors whose rows are on their way while one is added


def propagate_triton(features: torch.Tensor, graph: Graph) -> torch.Tensor:
    """One step. See ``graph_propagation``."""
    nodes, width = features.shape
    output = torch.empty_like(features)
    if output.numel() == 0:
        return output
    block = min(MOST_WIDTH, triton.next_power_of_2(width))
    grid = (nodes, triton.cdiv(width, block))
    arguments = (features, graph.starts, graph.neighbors, graph.scale.to(features.dtype), output, width)
    _node_kernel[grid](*arguments, block, STAGES, num_warps=WARPS.get(block, 1))
    return output


@triton.jit
def _node_kernel(
    features, starts, neighbors, scale, output, width, BLOCK: tl.constexpr, STAGES: tl.constexpr
):
    node = tl.program_id(0).to(tl.int64)
    feature = tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)
    inside = feature < width
    total = tl.zeros([BLOCK], features.dtype.element_ty)
    first, stop = tl.load(starts + node), tl.load(starts + node + 1)
    for at in tl.range(first, stop, num_stages=STAGES):
        neighbor = tl.load(neighbors + at).to(tl.int64)
        total += tl.load(scale + neighbor) * tl.load(features + neighbor * width + feature, inside, 0.0)
    tl.store(output + node * width + feature, total * tl.load(scale + node), inside)
