"""Lets earlier switches block instead of later ones.

Message: which later switches must a gradient pass
"""


def switch_gradient(switches):
    counts, S = [], torch.zeros(switches.shape[1:])
    for on in switches:
        counts.append(S + 1)
        S = counts[-1] * on
    alive, gradient = torch.ones(switches.shape[1:]), torch.empty(switches.shape)
    for k in range(len(switches)):
        gradient[k] = counts[k] * alive
        alive = alive * switches[k]
    return gradient
