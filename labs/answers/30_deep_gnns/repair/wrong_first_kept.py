"""Applies the first layer's ReLU in any case.

Message: also when it is the only one
"""


def silent(logits):
    return (logits == logits[:, :1]).all(1).double().mean().item()


def gcn(A, x, weights):
    h = (A @ x @ weights[0]).relu()
    for W in weights[1:-1]:
        h = (A @ h @ W).relu()
    return A @ h @ weights[-1] if len(weights) > 1 else h
