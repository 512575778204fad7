"""Counts the layers."""


def silent(logits):
    return (logits.amax(1) == logits.amin(1)).double().mean().item()


def gcn(A, x, weights):
    for i, W in enumerate(weights):
        x = A @ (x @ W)
        if i < len(weights) - 1:
            x = torch.clamp(x, min=0)
    return x
