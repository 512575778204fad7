"""Repairs the norm and overlooks the scale.

Message: of the norm and of the scale
"""


def bit_linear(x, W):
    codes, mu = ternarize(W)
    x = F.layer_norm(x, x.shape[-1:])
    scale = 127 / x.abs().amax().clamp(min=1e-5)
    x_q = (x * scale).round()
    return F.linear(x_q, codes.to(x.dtype)) * mu / scale
