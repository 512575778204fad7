"""Starts the generator again for each tensor, so that all get the same noise.

Message: two tensors share their noise
"""


def noisy_gradients(gradients, clip, deviation, generator):
    norm = math.sqrt(sum(g.square().sum().item() for g in gradients))
    factor = clip / norm if norm > clip else 1.0
    seed = int(torch.randint(2**31, (), generator=generator))
    result = []
    for g in gradients:
        own = torch.Generator().manual_seed(seed)
        result.append(factor * g + deviation * torch.randn(g.shape, generator=own, dtype=g.dtype))
    return result
