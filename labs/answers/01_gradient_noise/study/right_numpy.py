"""Means by NumPy, the spread of the control from the walk itself."""

SEEDS = (1, 2, 3)


def verdict(none, noise, draw):
    import numpy as np

    if np.mean(noise) < np.mean(none) + 10:
        return "no rescue"
    if np.mean(draw) + 2 < np.mean(noise):
        return "noise adds something"
    return "one draw does it"


def study(train):
    eta = choose_eta(600, 0.1, 50)
    end = 0.1 * math.sqrt(eta * sum((1 + t) ** -0.55 for t in range(600)))
    arms = {"none": (0.0, 0.0), "noise": (0.0, eta), "draw": (end, 0.0)}
    found = {name: train(start, noise, SEEDS) for name, (start, noise) in arms.items()}
    return {"eta": eta, **found, "verdict": verdict(**found)}
