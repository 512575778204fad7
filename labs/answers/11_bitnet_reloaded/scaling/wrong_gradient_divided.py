"""Divides the gradient of the bare layer by c as well.

Message: bare, W is not in it
"""


def scaling(c, normed):
    return {"output": 1.0 if normed else c, "gradient": 1 / c, "sgd_step": 1 / c**2, "adam_step": 1 / c}
