"""Writes the estimator as an autograd function."""


class StraightThrough(torch.autograd.Function):
    @staticmethod
    def forward(ctx, u, q):
        return q.clone()

    @staticmethod
    def backward(ctx, upstream):
        return upstream, None


def ste(u, q):
    return StraightThrough.apply(u, q)


def fake_quantize(W, measure="mean"):
    codes, mu = ternarize(W.detach(), measure)
    return ste(W, mu * codes)
