"""Keeps the noise of each replica and makes it as much larger as the mean makes it smaller."""


def update(theta, gradients, rate, eta, t, generator):
    deviation = (eta * len(gradients)) ** 0.5 * (1 + t) ** -0.275
    noise = torch.normal(0.0, deviation, gradients.shape, generator=generator, dtype=theta.dtype)
    return theta - rate * (gradients + noise).mean(dim=0)
