"""Lets PyTorch compute, in double precision."""


def noise_deviation(t, eta, gamma=0.55):
    variance = eta * torch.tensor(1.0 + t, dtype=torch.float64) ** -gamma
    return variance.sqrt().item()
