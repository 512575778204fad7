"""Counts the switches that are on.

Message: it goes on where a switch is on
"""


def exponent(switches):
    return switches.long().sum(0)
