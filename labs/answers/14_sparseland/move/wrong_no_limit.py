"""Drops more than can grow in a nearly full layer.

Message: no more can be dropped
"""


def drop_and_grow(W, V, M, gradient, share):
    count = round(share * M.sum().item())
    free = (~M).sum().item()
    new = M.flatten().clone()
    new[torch.where(M, W.abs(), math.inf).flatten().topk(count, largest=False).indices] = False
    new[torch.where(M, -math.inf, gradient.abs()).flatten().topk(min(count, free)).indices] = True
    new = new.view_as(M)
    stays = M & new
    return W * stays, V * stays, new
