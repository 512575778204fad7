"""Multiplies the later switches for every k."""


def switch_gradient(switches):
    h = switches.float()
    rows = []
    for k in range(len(h)):
        run = h[:k].flip(0).cumprod(0).sum(0)
        rows.append((run + 1) * h[k + 1 :].prod(0))
    return torch.stack(rows)
