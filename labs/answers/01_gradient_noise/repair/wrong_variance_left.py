"""Repairs the replicas only.

Message: what does the sampler want
"""


def update(theta, gradients, rate, eta, t, generator):
    deviation = eta / (1 + t) ** 0.55
    noise = torch.normal(0.0, deviation, theta.shape, generator=generator, dtype=theta.dtype)
    return theta - rate * (gradients.mean(dim=0) + noise)
