"""Takes the sum of squares instead of their mean.

Message: by hand: the errors
"""


def growth_gradient(W, M, x, y):
    E = (W * M).requires_grad_()
    return torch.autograd.grad(((x @ E.T - y) ** 2).sum(), E)[0]
