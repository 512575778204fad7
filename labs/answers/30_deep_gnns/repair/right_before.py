"""Applies the ReLU before a layer instead of behind it."""


def silent(logits):
    count = sum(len(set(row)) == 1 for row in logits.tolist())
    return count / len(logits)


def gcn(A, x, weights):
    first, *rest = weights
    h = A @ x @ first
    for W in rest:
        h = A @ F.relu(h) @ W
    return h
