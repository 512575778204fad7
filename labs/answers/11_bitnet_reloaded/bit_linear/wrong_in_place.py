"""Normalizes and rounds the caller's tensor itself.

Message: changes its input in place
"""


def bit_linear(x, W):
    codes, mu = ternarize(W)
    x.copy_(F.layer_norm(x, x.shape[-1:]))
    scale = 127 / x.abs().amax(dim=-1, keepdim=True).clamp(min=1e-5)
    x_q = (x * scale).round()
    return F.linear(x_q, codes.to(x.dtype)) * mu / scale
