"""Repairs the deviation only.

Message: with 16 replicas
"""


def update(theta, gradients, rate, eta, t, generator):
    deviation = math.sqrt(eta / (1 + t) ** 0.55)
    noise = torch.normal(0.0, deviation, gradients.shape, generator=generator, dtype=theta.dtype)
    return theta - rate * (gradients + noise).mean(dim=0)
