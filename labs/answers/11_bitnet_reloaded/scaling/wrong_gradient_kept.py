"""Does not notice that the norm passes back a smaller gradient.

Message: the norm behind the layer divides
"""


def scaling(c, normed):
    return {"output": 1.0 if normed else c, "gradient": 1.0, "sgd_step": 1 / c, "adam_step": 1 / c}
