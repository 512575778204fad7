"""Drops the mask, so that old values at inactive places take part.

Message: whose inactive places count as zero
"""


def growth_gradient(W, M, x, y):
    W = W.clone().requires_grad_()
    loss = ((x @ W.T - y) ** 2).mean()
    return torch.autograd.grad(loss, W)[0]
