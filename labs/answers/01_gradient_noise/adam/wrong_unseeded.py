"""Draws the noise from PyTorch's global generator.

Message: the seed decides the noise
"""


def path_length(optimizer, eta, seed, steps=50):
    theta = torch.nn.Parameter(torch.zeros(1000))
    stepper, length = optimizer([theta]), 0.0
    for t in range(steps):
        before = theta.detach().clone()
        theta.grad = before + noise_deviation(t, eta) * torch.randn(1000)
        stepper.step()
        length += (theta.detach() - before).norm().item()
    return length


ratio_sgd = 10.0
ratio_adam = 1.0
