"""Keeps the noise of the first step.

Message: another length
"""


def path_length(optimizer, eta, seed, steps=50):
    generator = torch.Generator().manual_seed(seed)
    theta = torch.nn.Parameter(torch.zeros(1000))
    stepper, length = optimizer([theta]), 0.0
    for _ in range(steps):
        before = theta.detach().clone()
        theta.grad = before + math.sqrt(eta) * torch.randn(1000, generator=generator)
        stepper.step()
        length += (theta.detach() - before).norm().item()
    return length


ratio_sgd = 10.0
ratio_adam = 1.0
