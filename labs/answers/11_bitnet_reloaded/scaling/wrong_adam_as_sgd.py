"""Treats Adam as if its step grew with the gradient.

Message: adam_step
"""


def scaling(c, normed):
    gradient = 1 / c if normed else 1.0
    step = gradient / c
    return {"output": 1.0 if normed else c, "gradient": gradient, "sgd_step": step, "adam_step": step}
