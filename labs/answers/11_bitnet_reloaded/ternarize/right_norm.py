"""Divides the 1-norm by the number of weights, clamps before rounding."""


def ternarize(W, measure="mean"):
    if measure == "median":
        mu = W.abs().reshape(-1).kthvalue((W.numel() + 1) // 2).values
    else:
        mu = torch.linalg.vector_norm(W, ord=1) / W.numel()
    mu = mu.clamp_min(1e-5)
    return torch.round(torch.clamp(W / mu, -1.0, 1.0)).type(torch.int8), mu
