"""Removes every ReLU.

Message: hidden layers keep their ReLU
"""


def silent(logits):
    return (logits == logits[:, :1]).all(1).double().mean().item()


def gcn(A, x, weights):
    for W in weights:
        x = A @ x @ W
    return x
