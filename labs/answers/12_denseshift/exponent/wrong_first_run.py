"""Takes the run at the beginning.

Message: it goes on where a switch is on
"""


def exponent(switches):
    return switches.long().cumprod(0).sum(0)
