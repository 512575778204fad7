"""Lets PyTorch compute the gradient of the quadratic."""


def path_length(optimizer, eta, seed, steps=50):
    generator = torch.Generator().manual_seed(seed)
    theta = torch.zeros(1000, requires_grad=True)
    stepper, places = optimizer([theta]), [torch.zeros(1000)]
    for t in range(steps):
        stepper.zero_grad()
        (theta.square().sum() / 2).backward()
        theta.grad += noise_deviation(t, eta) * torch.randn(1000, generator=generator)
        stepper.step()
        places.append(theta.detach().clone())
    return sum(float((places[t + 1] - places[t]).norm()) for t in range(steps))


ratio_sgd = math.sqrt(100)
ratio_adam = 1.0
