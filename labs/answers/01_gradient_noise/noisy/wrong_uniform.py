"""Draws uniform numbers of the right deviation.

Message: not Gaussian
"""


def noisy_gradients(gradients, clip, deviation, generator):
    norm = math.sqrt(sum(g.square().sum().item() for g in gradients))
    factor = clip / norm if norm > clip else 1.0
    width = deviation * math.sqrt(12)
    return [
        factor * g + width * (torch.rand(g.shape, generator=generator, dtype=g.dtype) - 0.5)
        for g in gradients
    ]
