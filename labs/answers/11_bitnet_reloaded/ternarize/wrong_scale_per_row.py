"""Takes one scale for each row.

Message: mu has shape
"""


def ternarize(W, measure="mean"):
    sizes = W.abs()
    mu = sizes.mean(dim=1, keepdim=True) if measure == "mean" else sizes.median(dim=1, keepdim=True).values
    mu = mu.clamp(min=1e-5)
    return (W / mu).round().clamp(-1, 1).to(torch.int8), mu
