"""Expects the path to follow the variance.

Message: eta is a variance
"""


def path_length(optimizer, eta, seed, steps=50):
    generator = torch.Generator().manual_seed(seed)
    theta = torch.nn.Parameter(torch.zeros(1000))
    stepper, length = optimizer([theta]), 0.0
    for t in range(steps):
        before = theta.detach().clone()
        theta.grad = before + noise_deviation(t, eta) * torch.randn(1000, generator=generator)
        stepper.step()
        length += (theta.detach() - before).norm().item()
    return length


ratio_sgd = 100.0
ratio_adam = 1.0
