"""Means by PyTorch, the arms in another order."""

SEEDS = (1, 2, 3)


def verdict(none, noise, draw):
    none, noise, draw = (
        torch.tensor(values, dtype=torch.float64).mean().item() for values in (none, noise, draw)
    )
    rescued = noise - none >= 10
    as_good = noise - draw <= 2
    return ("one draw does it" if as_good else "noise adds something") if rescued else "no rescue"


def study(train):
    eta = choose_eta(600, 0.1, 50)
    draw = train(0.2, 0, SEEDS)
    noise = train(0, eta, SEEDS)
    none = train(0, 0, SEEDS)
    return dict(none=none, noise=noise, draw=draw, eta=eta, verdict=verdict(none, noise, draw))
