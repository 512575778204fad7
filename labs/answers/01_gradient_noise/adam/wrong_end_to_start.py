"""Measures the distance from the start to the end.

Message: steps add up
"""


def path_length(optimizer, eta, seed, steps=50):
    generator = torch.Generator().manual_seed(seed)
    theta = torch.nn.Parameter(torch.zeros(1000))
    stepper = optimizer([theta])
    for t in range(steps):
        before = theta.detach().clone()
        theta.grad = before + noise_deviation(t, eta) * torch.randn(1000, generator=generator)
        stepper.step()
    return theta.detach().norm().item()


ratio_sgd = 10.0
ratio_adam = 1.0
