"""Sums the replicas instead of averaging them.

Message: average of the replicas
"""


def update(theta, gradients, rate, eta, t, generator):
    deviation = math.sqrt(eta / (1 + t) ** 0.55)
    noise = torch.normal(0.0, deviation, theta.shape, generator=generator, dtype=theta.dtype)
    return theta - rate * (gradients.sum(dim=0) + noise)
