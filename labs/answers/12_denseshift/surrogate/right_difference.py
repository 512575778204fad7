"""Detaches the difference of value and smooth function."""


def surrogate(s, S):
    smooth = s * (S + 1) ** 0.5
    return smooth + (s * 2**S - smooth).detach()
