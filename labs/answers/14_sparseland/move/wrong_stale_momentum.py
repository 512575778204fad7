"""Leaves the momentum as it was.

Message: the momentum
"""


def drop_and_grow(W, V, M, gradient, share):
    count = min(round(share * M.sum().item()), (~M).sum().item())
    size = torch.where(M, W.abs(), math.inf).flatten()
    score = torch.where(M, -math.inf, gradient.abs()).flatten()
    new = M.flatten().clone()
    new[size.topk(count, largest=False).indices] = False
    new[score.topk(count).indices] = True
    new = new.view_as(M)
    stays = M & new
    return W * stays, V.clone(), new
