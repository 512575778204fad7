"""Works on one long vector and cuts it up again."""


def noisy_gradients(gradients, clip, deviation, generator):
    flat = torch.cat([g.flatten() for g in gradients])
    factor = min(1.0, clip / max(float(flat.norm()), 1e-30))
    noise = torch.randn(flat.shape, generator=generator, dtype=flat.dtype)
    parts = (factor * flat + deviation * noise).split([g.numel() for g in gradients])
    return [part.reshape(g.shape) for part, g in zip(parts, gradients, strict=True)]
