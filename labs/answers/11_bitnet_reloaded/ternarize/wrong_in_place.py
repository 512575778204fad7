"""Divides the weights in place, and so destroys the latent weights that training needs.

Message: changes its input in place
"""


def ternarize(W, measure="mean"):
    mu = (W.abs().mean() if measure == "mean" else W.abs().median()).clamp(min=1e-5)
    return W.div_(mu).round_().clamp_(-1, 1).to(torch.int8), mu
