"""Takes the share of nonzeros for the work.

Message: nine pairs are exact
"""


def kept(sent, w, shape):
    return sent.double().mean().item()
