"""Gets rid of the leak by dropping the norm.

Message: belong to one token each
"""


def bit_linear(x, W):
    codes, mu = ternarize(W)
    scale = 127 / x.abs().amax(dim=-1, keepdim=True).clamp(min=1e-5)
    x_q = (x * scale).round()
    return F.linear(x_q, codes.to(x.dtype)) * mu / scale
