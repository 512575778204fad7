"""Forgets to propagate in the last layer.

Message: every layer propagates once
"""


def silent(logits):
    return (logits == logits[:, :1]).all(1).double().mean().item()


def gcn(A, x, weights):
    for W in weights[:-1]:
        x = (A @ x @ W).relu()
    return x @ weights[-1]
