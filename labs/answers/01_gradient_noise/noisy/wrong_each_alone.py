"""Clips each tensor by its own norm.

Message: the norm is that of all tensors together
"""


def noisy_gradients(gradients, clip, deviation, generator):
    result = []
    for g in gradients:
        factor = min(1.0, clip / max(float(g.norm()), 1e-30))
        result.append(factor * g + deviation * torch.randn(g.shape, generator=generator, dtype=g.dtype))
    return result
