"""Takes away what is left over, and adds a step where that was more than half of one."""


def to_grid(x, step):
    over = torch.remainder(x, step)
    below = x - over
    return torch.where(over > step / 2, below + step, below)
