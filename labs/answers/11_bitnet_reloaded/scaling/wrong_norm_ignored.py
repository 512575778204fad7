"""Believes that weight decay shrinks the function: forgets what the norm behind the layer does.

Message: with a norm behind it
"""


def scaling(c, normed):
    return {"output": c, "gradient": 1.0, "sgd_step": 1 / c, "adam_step": 1 / c}
