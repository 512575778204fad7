"""Believes that the scale absorbs the constant also in the bare layer.

Message: does anything divide it out again
"""


def scaling(c, normed):
    gradient = 1 / c if normed else 1.0
    return {"output": 1.0, "gradient": gradient, "sgd_step": gradient / c, "adam_step": 1 / c}
