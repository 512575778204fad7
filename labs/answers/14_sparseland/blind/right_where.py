"""Puts zeros in place of what is masked, and calls backward."""


def growth_gradient(W, M, x, y):
    weights = torch.where(M, W.detach(), torch.zeros_like(W)).requires_grad_()
    ((x @ weights.T - y) ** 2).mean().backward()
    return weights.grad
