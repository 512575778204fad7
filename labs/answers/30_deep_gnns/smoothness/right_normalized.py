"""Normalizes the rows first."""


def smoothness(levels, x_limit):
    unit = [F.normalize(h, dim=1, eps=1e-10) for h in levels]
    goal = F.normalize(x_limit, dim=1, eps=1e-10)
    return torch.stack([(h * unit[0]).sum(1) - (h * unit[0]).sum(1) * (h * goal).sum(1) for h in unit], -1)


def weights(nsl, T):
    return torch.log_softmax(nsl / T, 1).exp()


gsl_of_raw = 0.2929
