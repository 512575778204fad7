"""Draws one number for a whole tensor.

Message: full deviation
"""


def noisy_gradients(gradients, clip, deviation, generator):
    norm = math.sqrt(sum(g.square().sum().item() for g in gradients))
    factor = clip / norm if norm > clip else 1.0
    return [factor * g + deviation * torch.randn((), generator=generator, dtype=g.dtype) for g in gradients]
