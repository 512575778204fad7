"""Sends the gradient straight to the sum of sign and exponent.

Message: it is that of the smooth function
"""


def surrogate(s, S):
    smooth = s + S
    return (s * 2**S).detach() + (smooth - smooth.detach())
