"""Lets a dropped weight grow again in the same round.

Message: cannot return at once
"""


def drop_and_grow(W, V, M, gradient, share):
    count = min(round(share * M.sum().item()), (~M).sum().item())
    new = M.flatten().clone()
    new[torch.where(M, W.abs(), math.inf).flatten().topk(count, largest=False).indices] = False
    score = torch.where(new.view_as(M), -math.inf, gradient.abs()).flatten()
    new[score.topk(count).indices] = True
    new = new.view_as(M)
    stays = M & new
    return W * stays, V * stays, new
