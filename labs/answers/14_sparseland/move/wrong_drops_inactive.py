"""Looks for the smallest weights among all places, and finds the zeros.

Message: the number of active weights must not change
"""


def drop_and_grow(W, V, M, gradient, share):
    count = min(round(share * M.sum().item()), (~M).sum().item())
    size = W.abs().flatten()
    score = torch.where(M, -math.inf, gradient.abs()).flatten()
    new = M.flatten().clone()
    new[size.topk(count, largest=False).indices] = False
    new[score.topk(count).indices] = True
    new = new.view_as(M)
    stays = M & new
    return W * stays, V * stays, new
