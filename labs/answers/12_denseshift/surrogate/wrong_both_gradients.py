"""Adds the smooth gradient to the true one.

Message: it is that of the smooth function
"""


def surrogate(s, S):
    smooth = s * (S + 1).sqrt()
    return s * 2**S + smooth - smooth.detach()
