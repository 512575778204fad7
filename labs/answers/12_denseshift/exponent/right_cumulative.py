"""Multiplies from the last switch backward and adds up."""


def exponent(switches):
    return switches.long().flip(0).cumprod(0).sum(0)
