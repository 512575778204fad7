"""Builds the masks of what is dropped and what grows."""


def drop_and_grow(W, V, M, gradient, share):
    count = int(min(round(share * int(M.sum())), M.numel() - int(M.sum())))
    order = (W.abs() + 1e9 * ~M).flatten().argsort()
    dropped = torch.zeros(M.numel(), dtype=torch.bool)
    dropped[order[:count]] = True
    order = ((gradient.abs() + 1) * ~M).flatten().argsort(descending=True)
    grown = torch.zeros(M.numel(), dtype=torch.bool)
    grown[order[:count]] = True
    stays = M & ~dropped.view(M.shape)
    return torch.where(stays, W, 0.0), torch.where(stays, V, 0.0), stays | grown.view(M.shape)
