"""Builds an array of all runs."""


def study(run, seeds):
    a = torch.tensor([[[run(p, t, s) for t in (2, 12)] for p in (2, 12)] for s in seeds], dtype=torch.float64)
    return {
        "propagation": (a[:, 0] - a[:, 1]).mean(1).tolist(),
        "transformation": (a[:, :, 0] - a[:, :, 1]).mean(1).tolist(),
        "interaction": ((a[:, 1, 0] - a[:, 1, 1]) - (a[:, 0, 0] - a[:, 0, 1])).tolist(),
    }
