"""Looks for the bug elsewhere.

Message: still cuts them off
"""


def silent(logits):
    return (logits == logits[:, :1]).all(1).double().mean().item()


def gcn(A, x, weights):
    for W in weights:
        x = (A @ F.normalize(x, dim=1) @ W).relu()
    return x
