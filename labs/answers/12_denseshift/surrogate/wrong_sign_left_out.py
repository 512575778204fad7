"""Leaves the sign out of the smooth function.

Message: both s and S need a gradient
"""


def surrogate(s, S):
    smooth = (S + 1).sqrt()
    return (s * 2**S).detach() + smooth - smooth.detach()
