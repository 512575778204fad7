"""Puts r on the rows.

Message: wrong for r = 0
"""


def adjacency(edges, nodes, r):
    A = torch.eye(nodes, dtype=torch.float64)
    A[edges[0], edges[1]] = 1
    A[edges[1], edges[0]] = 1
    d = A.sum(1)
    return d[:, None] ** -r * A * d ** (r - 1)


def fixed(edges, nodes, r):
    A = torch.eye(nodes, dtype=torch.float64)
    A[edges[0], edges[1]] = 1
    A[edges[1], edges[0]] = 1
    return A.sum(1) ** (1 - r)
