"""Writes every factor as a power of c."""


def scaling(c, normed):
    exponents = {"output": 1 - normed, "gradient": -normed, "sgd_step": -1 - normed, "adam_step": -1}
    return {name: float(c) ** exponent for name, exponent in exponents.items()}
