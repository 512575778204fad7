"""Gives all replicas the same noise."""


def update(theta, gradients, rate, eta, t, generator):
    noise = torch.randn(theta.shape, generator=generator, dtype=theta.dtype)
    noise = noise * noise_deviation(t, eta)
    return theta - rate * (gradients + noise).mean(dim=0)
