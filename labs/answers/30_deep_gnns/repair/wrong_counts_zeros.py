"""Counts silent entries instead of rows.

Message: each row as a whole
"""


def silent(logits):
    return (logits == 0).double().mean().item()


def gcn(A, x, weights):
    h = x
    for W in weights[:-1]:
        h = (A @ h @ W).relu()
    return A @ h @ weights[-1]
