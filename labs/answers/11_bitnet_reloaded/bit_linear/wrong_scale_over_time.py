"""Takes the largest value over the positions, channel by channel.

Message: depends on other tokens
"""


def bit_linear(x, W):
    codes, mu = ternarize(W)
    x = F.layer_norm(x, x.shape[-1:])
    scale = 127 / x.abs().amax(dim=1, keepdim=True).clamp(min=1e-5)
    x_q = (x * scale).round()
    return F.linear(x_q / scale, codes.to(x.dtype)) * mu
