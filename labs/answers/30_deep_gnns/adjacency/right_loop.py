"""Counts neighbors in sets."""


def _near(edges, nodes):
    near = [{i} for i in range(nodes)]
    for i, j in edges.T.tolist():
        near[i].add(j)
        near[j].add(i)
    return near


def adjacency(edges, nodes, r):
    near = _near(edges, nodes)
    A = torch.zeros(nodes, nodes, dtype=torch.float64)
    for i in range(nodes):
        for j in near[i]:
            A[i, j] = 1 / (len(near[i]) ** (1 - r) * len(near[j]) ** r)
    return A


def fixed(edges, nodes, r):
    return torch.tensor([float(len(n)) for n in _near(edges, nodes)], dtype=torch.float64) ** r
