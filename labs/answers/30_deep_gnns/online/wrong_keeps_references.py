"""Collects the levels.

Message: copy what you keep
"""


def online(stream):
    levels, scores = zip(*stream, strict=False)
    return (torch.stack(scores).softmax(0)[..., None] * torch.stack(levels)).sum(0)
