"""Clips the caller's tensors.

Message: changes its input in place
"""


def noisy_gradients(gradients, clip, deviation, generator):
    norm = math.sqrt(sum(g.square().sum().item() for g in gradients))
    for g in gradients:
        g.mul_(clip / norm if norm > clip else 1.0)
    return [g + deviation * torch.randn(g.shape, generator=generator, dtype=g.dtype) for g in gradients]
