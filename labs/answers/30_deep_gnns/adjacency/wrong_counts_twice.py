"""Adds an edge as often as it is listed.

Message: however often it is listed
"""


def adjacency(edges, nodes, r):
    A = torch.eye(nodes, dtype=torch.float64)
    one = torch.ones(edges.shape[1], dtype=torch.float64)
    A.index_put_((edges[0], edges[1]), one, accumulate=True)
    A.index_put_((edges[1], edges[0]), one, accumulate=True)
    d = A.sum(1)
    return d[:, None] ** (r - 1) * A * d**-r


def fixed(edges, nodes, r):
    A = torch.eye(nodes, dtype=torch.float64)
    A[edges[0], edges[1]] = 1
    A[edges[1], edges[0]] = 1
    return A.sum(1) ** r
