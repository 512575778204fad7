"""Writes into its inputs.

Message: changes its input in place
"""


def drop_and_grow(W, V, M, gradient, share):
    count = min(round(share * M.sum().item()), (~M).sum().item())
    out = torch.where(M, W.abs(), math.inf).flatten().topk(count, largest=False).indices
    into = torch.where(M, -math.inf, gradient.abs()).flatten().topk(count).indices
    M.view(-1)[out] = False
    M.view(-1)[into] = True
    for values in (W, V):
        values.view(-1)[into] = 0
        values *= M
    return W, V, M
