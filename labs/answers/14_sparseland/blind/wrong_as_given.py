"""The code as it was found.

Message: still multiplies it by the mask
"""


def growth_gradient(W, M, x, y):
    W = W.clone().requires_grad_()
    loss = ((x @ (W * M).T - y) ** 2).mean()
    return torch.autograd.grad(loss, W)[0]
