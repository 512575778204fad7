"""Clones first and works in place on the clones."""


def noisy_gradients(gradients, clip, deviation, generator):
    norm = sum(float(g.square().sum()) for g in gradients) ** 0.5
    result = [g.clone() for g in gradients]
    for g in result:
        if norm > clip:
            g.mul_(clip / norm)
        g.add_(torch.empty_like(g).normal_(generator=generator), alpha=deviation)
    return result
