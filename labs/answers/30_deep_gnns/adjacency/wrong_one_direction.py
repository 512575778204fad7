"""Fills the edges as they are listed.

Message: both directions
"""


def adjacency(edges, nodes, r):
    A = torch.eye(nodes, dtype=torch.float64)
    A[edges[0], edges[1]] = 1
    d = A.sum(1)
    return d[:, None] ** (r - 1) * A * d**-r


def fixed(edges, nodes, r):
    return torch.ones(nodes, dtype=torch.float64)
