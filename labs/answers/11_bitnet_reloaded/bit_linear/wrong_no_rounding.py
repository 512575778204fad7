"""Gets rid of the scale's leak by not quantizing at all.

Message: belong to one token each
"""


def bit_linear(x, W):
    codes, mu = ternarize(W)
    return F.linear(F.layer_norm(x, x.shape[-1:]), codes.to(x.dtype)) * mu
