"""Adds noise before clipping.

Message: add it *after* clipping
"""


def noisy_gradients(gradients, clip, deviation, generator):
    noisy = [g + deviation * torch.randn(g.shape, generator=generator, dtype=g.dtype) for g in gradients]
    norm = math.sqrt(sum(g.square().sum().item() for g in noisy))
    return [g * min(1.0, clip / max(norm, 1e-30)) for g in noisy]
