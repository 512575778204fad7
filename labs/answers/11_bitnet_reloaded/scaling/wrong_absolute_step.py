"""Gives the step itself and not the step relative to the weights.

Message: measured against the size of W
"""


def scaling(c, normed):
    gradient = 1 / c if normed else 1.0
    return {"output": 1.0 if normed else c, "gradient": gradient, "sgd_step": gradient, "adam_step": 1.0}
