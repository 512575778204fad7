"""Finds the step by bisection of the integral."""


def choose_eta(steps, rate, n, start=0.0):
    unit = torch.arange(1, steps + 1, dtype=torch.float64).pow(-0.55).sum().item()
    return max(0.0, (2 / n - start * start) / (rate * rate * unit))


def escape_step(rate, eta, n, start=0.0):
    low, high = 0.0, 1.0

    def spread(T):
        return start**2 + rate**2 * eta * ((1 + T) ** 0.45 - 1) / 0.45

    while spread(high) < 2 / n:
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if spread(middle) < 2 / n else (low, middle)
    return low
