"""Makes a generator from the step, so that every run has the same noise.

Message: every step needs fresh noise
"""


def update(theta, gradients, rate, eta, t, generator):
    generator = torch.Generator().manual_seed(t)
    noise = torch.randn(theta.shape, generator=generator, dtype=theta.dtype) * noise_deviation(t, eta)
    return theta - rate * (gradients.mean(dim=0) + noise)
