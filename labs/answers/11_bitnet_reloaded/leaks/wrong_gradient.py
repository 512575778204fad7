"""Asks the gradient, which rounding and maxima do not pass.

Message: through rounding and a maximum
"""


def leaks(layer, T, K):
    x = torch.randn(1, T, K, requires_grad=True)
    y = layer(x)
    for t in range(T - 1):
        grad = torch.autograd.grad(y[:, t].square().sum(), x, retain_graph=True)[0]
        if grad[:, t + 1 :].any():
            return True
    return False
