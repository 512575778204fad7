"""Sums bare exponentials.

Message: subtract the running maximum
"""


def online(stream):
    z, a = 0, 0
    for h, s in stream:
        z, a = z + s.exp(), a + s.exp()[:, None] * h
    return a / z[:, None]
