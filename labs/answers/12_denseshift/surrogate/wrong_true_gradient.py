"""Believes that value and gradient must belong together.

Message: it is that of the smooth function
"""


def surrogate(s, S):
    return s * 2**S
