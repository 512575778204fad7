"""Takes silence for zero.

Message: equal values need not be zero
"""


def silent(logits):
    return (logits == 0).all(1).double().mean().item()


def gcn(A, x, weights):
    h = x
    for W in weights[:-1]:
        h = (A @ h @ W).relu()
    return A @ h @ weights[-1]
