"""Multiplies by diagonal matrices."""


def _with_loops(edges, nodes):
    A = torch.zeros(nodes, nodes, dtype=torch.float64)
    A.index_put_((edges[0], edges[1]), torch.ones(edges.shape[1], dtype=torch.float64), accumulate=True)
    return ((A + A.T + torch.eye(nodes)) > 0).double()


def adjacency(edges, nodes, r):
    A = _with_loops(edges, nodes)
    d = A.sum(1)
    return torch.diag(d ** (r - 1)) @ A @ torch.diag(d**-r)


def fixed(edges, nodes, r):
    return torch.exp(r * _with_loops(edges, nodes).sum(1).log())
