"""Forgets that a node is its own neighbor.

Message: loops, degrees with loops
"""


def adjacency(edges, nodes, r):
    A = torch.zeros(nodes, nodes, dtype=torch.float64)
    A[edges[0], edges[1]] = 1
    A[edges[1], edges[0]] = 1
    d = A.sum(1).clamp(min=1)
    return d[:, None] ** (r - 1) * A * d**-r


def fixed(edges, nodes, r):
    return torch.ones(nodes, dtype=torch.float64)
