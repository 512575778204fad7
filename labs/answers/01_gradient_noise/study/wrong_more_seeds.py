"""Trains each seed by itself, nine calls.

Message: 3 allowed
"""

SEEDS = (1, 2, 3)


def verdict(none, noise, draw):
    none, noise, draw = (sum(values) / len(values) for values in (none, noise, draw))
    if noise - none < 10:
        return "no rescue"
    return "one draw does it" if draw >= noise - 2 else "noise adds something"


def study(train):
    eta = choose_eta(600, 0.1, 50)
    none, noise = [train(0.0, e, SEEDS) for e in (0.0, eta)]
    for e in (eta / 4, eta / 2):
        train(0.0, e, SEEDS)
    draw = train(math.sqrt(2 / 50), 0.0, SEEDS)
    return {"eta": eta, "none": none, "noise": noise, "draw": draw, "verdict": verdict(none, noise, draw)}
